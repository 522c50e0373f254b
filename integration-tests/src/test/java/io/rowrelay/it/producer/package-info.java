/** What the producer does on a real source and a real topic: reading, checkpoints, restored sources, cut topics, retention. */
@NullMarked
package io.rowrelay.it.producer;

import org.jspecify.annotations.NullMarked;
