/** Rowrelay and logical replication, each between two databases of its own on one stack. */
@NullMarked
package io.rowrelay.bench.replication;

import org.jspecify.annotations.NullMarked;
