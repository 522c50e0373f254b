/** The status page, in a real browser's engine and as plain HTTP. */
@NullMarked
package io.rowrelay.it.http;

import org.jspecify.annotations.NullMarked;
