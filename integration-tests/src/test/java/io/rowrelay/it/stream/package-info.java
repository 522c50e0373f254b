/** The statements and catalog queries that producer, consumer and admin share, on a real PostgreSQL. */
@NullMarked
package io.rowrelay.it.stream;

import org.jspecify.annotations.NullMarked;
