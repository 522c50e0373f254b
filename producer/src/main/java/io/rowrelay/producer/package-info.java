/** The producer daemon: publishes the changes that triggers wrote in the source. Never sees the consumer. */
@NullMarked
package io.rowrelay.producer;

import org.jspecify.annotations.NullMarked;
