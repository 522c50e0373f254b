/**
 * The checkpoint of a stream in the source database: its row in cdc_offset, and what tells a restored source. Knows no daemon;
 * must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.stream.checkpoint.jdbc;

import org.jspecify.annotations.NullMarked;
