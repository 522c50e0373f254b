/**
 * Definitions and sequences of tables, from the catalogs. Must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.cutover.jdbc;

import org.jspecify.annotations.NullMarked;
