/** The integration tests: whole pipelines on real PostgreSQL and real Kafka, in a package for each subject. */
@NullMarked
package io.rowrelay.it;

import org.jspecify.annotations.NullMarked;
