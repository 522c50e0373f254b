/** The HTTP endpoint of a daemon: is it alive, is it ready, what are its numbers. */
@NullMarked
package io.rowrelay.common.http;

import org.jspecify.annotations.NullMarked;
