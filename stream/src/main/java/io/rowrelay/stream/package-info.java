/**
 * What a stream is, by its names. Knows no daemon and no technology.
 */
@NullMarked
package io.rowrelay.stream;

import org.jspecify.annotations.NullMarked;
