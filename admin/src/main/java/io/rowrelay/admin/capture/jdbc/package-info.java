/**
 * The functions of sql/source that put capture on tables. Must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.capture.jdbc;

import org.jspecify.annotations.NullMarked;
