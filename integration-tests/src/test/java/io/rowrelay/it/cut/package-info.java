/** Streams of several tables that are applied in cuts, without a broker: windows are read by SQL from the change tables. */
@NullMarked
package io.rowrelay.it.cut;

import org.jspecify.annotations.NullMarked;
