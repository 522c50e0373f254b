/** The commands about dead letters: list, show, replay, discard, export. */
@NullMarked
package io.rowrelay.admin.dlq;

import org.jspecify.annotations.NullMarked;
