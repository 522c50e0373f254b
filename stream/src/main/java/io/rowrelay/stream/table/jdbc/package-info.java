/**
 * Reads tables from the catalog of a database. No other package reads the catalog of columns.
 */
@NullMarked
package io.rowrelay.stream.table.jdbc;

import org.jspecify.annotations.NullMarked;
