/**
 * What both daemons need of Kafka: client properties, topics, dead-letter headers, the meaning of exceptions.
 */
@NullMarked
package io.rowrelay.common.kafka;

import org.jspecify.annotations.NullMarked;
