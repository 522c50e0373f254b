/** What demo and bench both need to put load on a database and to measure it. */
@NullMarked
package io.rowrelay.sandbox.load;

import org.jspecify.annotations.NullMarked;
