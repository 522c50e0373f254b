/**
 * The contract of the topic: names of the bookkeeping fields. Plain Java, no library.
 */
@NullMarked
package io.rowrelay.common.event;

import org.jspecify.annotations.NullMarked;
