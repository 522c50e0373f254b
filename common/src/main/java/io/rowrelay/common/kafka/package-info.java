/** What both daemons share about Kafka; the only package of this module that sees {@code org.apache.kafka}. */
@NullMarked
package io.rowrelay.common.kafka;

import org.jspecify.annotations.NullMarked;
