/** Tests of the embedded stack: they start real servers. */
@NullMarked
package io.rowrelay.sandbox.stack;

import org.jspecify.annotations.NullMarked;
