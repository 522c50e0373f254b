/** Whole pipelines: any value, any order, any table, outages, and both sides equal at the end. */
@NullMarked
package io.rowrelay.it.pipeline;

import org.jspecify.annotations.NullMarked;
