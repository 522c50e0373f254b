/** The daemons as processes: start, signals, kill, memory, secrets, poolers, the machine around them. */
@NullMarked
package io.rowrelay.it.process;

import org.jspecify.annotations.NullMarked;
