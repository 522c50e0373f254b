/**
 * Applies changes to a table of the destination: the statements, the fence, the search for what the destination rejects. Knows no
 * daemon.
 */
@NullMarked
package io.rowrelay.stream.apply.jdbc;

import org.jspecify.annotations.NullMarked;
