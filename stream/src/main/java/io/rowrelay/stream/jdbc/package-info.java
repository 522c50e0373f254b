/**
 * What a stream is in its two databases: locks, positions of scans, action_ids, the table of dead letters. Knows no daemon.
 */
@NullMarked
package io.rowrelay.stream.jdbc;

import org.jspecify.annotations.NullMarked;
