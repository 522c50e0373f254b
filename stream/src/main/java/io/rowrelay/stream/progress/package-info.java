/**
 * How far the destination has applied a topic, whether the topic still holds the rest, and where reading begins. Plain Java, no
 * library.
 */
@NullMarked
package io.rowrelay.stream.progress;

import org.jspecify.annotations.NullMarked;
