/** A shop of several tables whose rows depend on each other: its tables, what happens in it, and what always holds. */
@NullMarked
package io.rowrelay.sandbox.shop;

import org.jspecify.annotations.NullMarked;
