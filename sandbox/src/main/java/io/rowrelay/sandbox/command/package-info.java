/** How a command line of the sandbox begins and ends. */
@NullMarked
package io.rowrelay.sandbox.command;

import org.jspecify.annotations.NullMarked;
