/**
 * A status for programs.
 */
@NullMarked
package io.rowrelay.admin.status.json;

import org.jspecify.annotations.NullMarked;
