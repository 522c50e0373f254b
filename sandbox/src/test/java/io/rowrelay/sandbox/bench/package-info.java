/** Tests of the bench: its arithmetic and its pictures, and one small run of the whole. */
@NullMarked
package io.rowrelay.sandbox.bench;

import org.jspecify.annotations.NullMarked;
