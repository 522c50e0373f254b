/**
 * Findings for programs.
 */
@NullMarked
package io.rowrelay.admin.doctor.json;

import org.jspecify.annotations.NullMarked;
