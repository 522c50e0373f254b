/**
 * What a stream is on its topics: ends, tails, dead letters. Knows no daemon.
 */
@NullMarked
package io.rowrelay.stream.kafka;

import org.jspecify.annotations.NullMarked;
