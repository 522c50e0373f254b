/**
 * The command line of admin.jar and what it shows. Knows no command's work.
 */
@NullMarked
package io.rowrelay.admin.command;

import org.jspecify.annotations.NullMarked;
