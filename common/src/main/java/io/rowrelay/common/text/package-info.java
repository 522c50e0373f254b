/** Text as people see it. Knows nothing else of Rowrelay. */
@NullMarked
package io.rowrelay.common.text;

import org.jspecify.annotations.NullMarked;
