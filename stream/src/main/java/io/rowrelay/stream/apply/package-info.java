/**
 * What becomes of changes in the destination. Plain Java, no library.
 */
@NullMarked
package io.rowrelay.stream.apply;

import org.jspecify.annotations.NullMarked;
