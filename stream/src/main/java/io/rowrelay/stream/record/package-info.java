/**
 * The contract of the topic: the names and members of its records, and what validation makes of them. Plain Java, no library.
 */
@NullMarked
package io.rowrelay.stream.record;

import org.jspecify.annotations.NullMarked;
