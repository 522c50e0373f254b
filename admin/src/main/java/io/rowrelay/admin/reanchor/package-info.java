/**
 * Begins a stream anew on a source that was restored or replaced. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.reanchor;

import org.jspecify.annotations.NullMarked;
