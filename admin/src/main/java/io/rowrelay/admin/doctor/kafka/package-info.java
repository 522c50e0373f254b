/**
 * Checks of the topics and the consumer group. Must not import java.sql.
 */
@NullMarked
package io.rowrelay.admin.doctor.kafka;

import org.jspecify.annotations.NullMarked;
