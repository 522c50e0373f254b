/**
 * The producer daemon: settings and composition root.
 */
@NullMarked
package io.rowrelay.producer;

import org.jspecify.annotations.NullMarked;
