/**
 * The bench: measures the two real daemons on the embedded stack, and PostgreSQL's logical replication on the same
 * servers beside them.
 *
 * <p>It sees the daemons as an operator does, and measures from outside: with sessions of its own on both databases and
 * with what the operating system says about the processes.
 */
@NullMarked
package io.rowrelay.bench;

import org.jspecify.annotations.NullMarked;
