/**
 * Reads and validates records: JSON, envelope, key, schema. Knows no daemon.
 */
@NullMarked
package io.rowrelay.stream.json;

import org.jspecify.annotations.NullMarked;
