/** The commands of the admin tool, as a user runs them, beside running daemons. */
@NullMarked
package io.rowrelay.it.admin;

import org.jspecify.annotations.NullMarked;
