/**
 * The two databases, as one looks at them. Must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.look.jdbc;

import org.jspecify.annotations.NullMarked;
