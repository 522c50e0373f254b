/** Windows between snapshots. Must not import java.sql or org.apache.kafka. */
@NullMarked
package io.rowrelay.stream.window;

import org.jspecify.annotations.NullMarked;
