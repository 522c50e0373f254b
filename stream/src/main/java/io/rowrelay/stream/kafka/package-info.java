/**
 * What a stream is on its topics: who creates them, ends, tails, dead letters. Knows no daemon.
 */
@NullMarked
package io.rowrelay.stream.kafka;

import org.jspecify.annotations.NullMarked;
