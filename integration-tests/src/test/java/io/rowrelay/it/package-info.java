/** The end-to-end suite: whole pipelines on real PostgreSQL and real Kafka. */
@NullMarked
package io.rowrelay.it;

import org.jspecify.annotations.NullMarked;
