/**
 * What a stream is in its two databases: change table, dead-letter table, fence column, locks. Knows no daemon.
 */
@NullMarked
package io.rowrelay.stream.jdbc;

import org.jspecify.annotations.NullMarked;
