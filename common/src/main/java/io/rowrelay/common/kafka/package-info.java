/**
 * What all programs need of Kafka: client properties, and the meaning of exceptions.
 */
@NullMarked
package io.rowrelay.common.kafka;

import org.jspecify.annotations.NullMarked;
