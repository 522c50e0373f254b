/** The command line that both daemons share, and the reference of settings made from their tables. */
@NullMarked
package io.rowrelay.common.command;

import org.jspecify.annotations.NullMarked;
