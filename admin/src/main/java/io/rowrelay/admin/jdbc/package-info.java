/**
 * The two databases, as the commands read and write them. Must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.jdbc;

import org.jspecify.annotations.NullMarked;
