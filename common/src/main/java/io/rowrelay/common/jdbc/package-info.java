/**
 * PostgreSQL for any program: pools, session settings, identifiers, the meaning of SQLSTATEs. Knows no stream.
 */
@NullMarked
package io.rowrelay.common.jdbc;

import org.jspecify.annotations.NullMarked;
