/**
 * What a table is: columns, types, key, and what the statements of daemons and commands need to know of them. Plain Java; the
 * package jdbc below it reads tables from the catalog.
 */
@NullMarked
package io.rowrelay.stream.table;

import org.jspecify.annotations.NullMarked;
