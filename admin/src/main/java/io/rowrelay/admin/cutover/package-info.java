/**
 * The command {@code cutover}: prepares the destination to take the place of the source.
 */
@NullMarked
package io.rowrelay.admin.cutover;

import org.jspecify.annotations.NullMarked;
