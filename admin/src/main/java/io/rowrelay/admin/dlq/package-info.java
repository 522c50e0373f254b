/**
 * What is done about dead letters: list, show, replay, discard, export. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.dlq;

import org.jspecify.annotations.NullMarked;
