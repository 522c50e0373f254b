/**
 * What the commands ask of the topics. Must not import java.sql.
 */
@NullMarked
package io.rowrelay.admin.kafka;

import org.jspecify.annotations.NullMarked;
