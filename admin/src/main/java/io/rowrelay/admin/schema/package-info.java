/**
 * The definitions of a source's tables, and of all that they need, as statements that make them in another database: read from the
 * catalogs as pg_dump does, and ordered by pg_depend. Knows no command.
 */
@NullMarked
package io.rowrelay.admin.schema;

import org.jspecify.annotations.NullMarked;
