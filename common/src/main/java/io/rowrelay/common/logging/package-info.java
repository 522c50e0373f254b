/** How the log looks: one line per event, for people or for machines. The only package that sees logback. */
@NullMarked
package io.rowrelay.common.logging;

import org.jspecify.annotations.NullMarked;
