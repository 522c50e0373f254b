/**
 * Reads records: JSON, envelope, schema. The only place of the consumer that knows a JSON library.
 */
@NullMarked
package io.rowrelay.consumer.json;

import org.jspecify.annotations.NullMarked;
