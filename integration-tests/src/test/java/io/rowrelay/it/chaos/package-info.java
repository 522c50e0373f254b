/**
 * The fault campaign: real daemons, servers and a broker under a writer that never stops and faults that a seed chooses; in
 * the end everything must be accounted for. The workload, the faults and the checks know nothing of each other.
 */
@NullMarked
package io.rowrelay.it.chaos;

import org.jspecify.annotations.NullMarked;
