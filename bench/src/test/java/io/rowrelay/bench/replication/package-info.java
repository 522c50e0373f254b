@NullMarked
package io.rowrelay.bench.replication;

import org.jspecify.annotations.NullMarked;
