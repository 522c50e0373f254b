/**
 * Prepares the destination to take the place of the source. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.cutover;

import org.jspecify.annotations.NullMarked;
