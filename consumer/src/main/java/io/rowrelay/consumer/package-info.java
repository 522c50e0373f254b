/** The consumer daemon: applies the changes on the topic to the destination. Never sees the producer. */
@NullMarked
package io.rowrelay.consumer;

import org.jspecify.annotations.NullMarked;
