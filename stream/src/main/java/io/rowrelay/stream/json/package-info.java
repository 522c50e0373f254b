/**
 * Reads the members of a record's JSON without parsing all of it. Knows no daemon.
 */
@NullMarked
package io.rowrelay.stream.json;

import org.jspecify.annotations.NullMarked;
