/**
 * How far a stream is published, and whether the source is the database that this was written against. Must not import
 * java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.stream.checkpoint;

import org.jspecify.annotations.NullMarked;
