/**
 * What is installed in the databases, and the statements that remove it. Must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.uninstall.jdbc;

import org.jspecify.annotations.NullMarked;
