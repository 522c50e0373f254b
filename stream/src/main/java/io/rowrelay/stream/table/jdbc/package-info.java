/**
 * Reads tables from the catalog of a database. No other package reads the catalog of columns; the SQL of DefinitionHash only hashes it.
 */
@NullMarked
package io.rowrelay.stream.table.jdbc;

import org.jspecify.annotations.NullMarked;
