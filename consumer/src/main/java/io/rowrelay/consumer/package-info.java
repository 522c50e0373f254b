/**
 * The consumer daemon: settings and composition root.
 */
@NullMarked
package io.rowrelay.consumer;

import org.jspecify.annotations.NullMarked;
