/**
 * The commands of admin.jar, put together: what a human runs when source and destination have to be brought back in step.
 */
@NullMarked
package io.rowrelay.admin;

import org.jspecify.annotations.NullMarked;
