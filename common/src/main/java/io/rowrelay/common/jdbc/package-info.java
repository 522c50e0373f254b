/** What both daemons share about JDBC and PostgreSQL; the only package of this module that sees {@code java.sql}. */
@NullMarked
package io.rowrelay.common.jdbc;

import org.jspecify.annotations.NullMarked;
