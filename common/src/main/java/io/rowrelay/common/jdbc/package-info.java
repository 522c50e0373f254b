/**
 * What both daemons need of PostgreSQL: pools, session settings, identifiers, the meaning of SQLSTATEs.
 */
@NullMarked
package io.rowrelay.common.jdbc;

import org.jspecify.annotations.NullMarked;
