/** The fixture of the suite: two servers and a broker from either backend, and pipelines on them. */
@NullMarked
package io.rowrelay.it.stack;

import org.jspecify.annotations.NullMarked;
