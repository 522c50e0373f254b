/** What the consumer does on a real topic and a real destination: applying, progress, dead letters, groups, an altered destination. */
@NullMarked
package io.rowrelay.it.consumer;

import org.jspecify.annotations.NullMarked;
