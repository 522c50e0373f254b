/**
 * Takes a stream, and with the last one Rowrelay itself, off both databases. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.uninstall;

import org.jspecify.annotations.NullMarked;
