/**
 * The commands of admin.jar, put together: what a human runs to look at streams and to repair them.
 */
@NullMarked
package io.rowrelay.admin;

import org.jspecify.annotations.NullMarked;
