/**
 * Checks of the two databases. Must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.doctor.jdbc;

import org.jspecify.annotations.NullMarked;
