/** The command {@code init}: from two databases to a stream of tables that is ready to run. */
@NullMarked
package io.rowrelay.admin.init;

import org.jspecify.annotations.NullMarked;
