/**
 * The settings that several programs of Rowrelay read under the same names: a stream's names and topics, its tables, and what
 * each daemon is set to. How settings are read is {@code io.rowrelay.common.settings}.
 */
@NullMarked
package io.rowrelay.stream.settings;

import org.jspecify.annotations.NullMarked;
