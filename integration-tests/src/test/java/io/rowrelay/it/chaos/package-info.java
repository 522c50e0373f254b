/**
 * The fault campaign: real daemons, servers and brokers, writers that never stop, and faults that a seed chooses. At the end
 * every change must be accounted for. Workload, faults and checks do not know each other. Start at {@link
 * io.rowrelay.it.chaos.Campaign}.
 *
 * <p>The seed repeats the choices, not the timing of the processes. Each kind of fault comes once before any comes again,
 * sometimes two at once: kills, stops and freezes of daemons, servers and brokers; links that are cut, stalled or half-open;
 * a destination that is read-only, full, locked or out of connections; a topic that loses its tail. After most rounds the
 * campaign waits until a new row arrives, at most {@code chaos.recovery} seconds. {@code chaos.kinds} selects faults by name.
 *
 * <p>Each writer owns a range of keys, so it knows what its rows must be. It writes a number of its own with each transaction;
 * where the connection died in COMMIT it inserts that number again, which waits for a transaction that still runs and fails
 * if that was committed.
 *
 * <p>Checked are: source equals writer, and destination equals source, row by row; for each key the captured changes are the
 * committed ones, in order; captured equals published; each published change is applied, superseded by a newer effect, or a
 * dead letter, and takes effect once and in order; dead letters are those that were provoked; daemons end only when told to.
 * From the first lost record of a partition on, neither the order nor the offset of a dead letter is compared.
 */
@NullMarked
package io.rowrelay.it.chaos;

import org.jspecify.annotations.NullMarked;
