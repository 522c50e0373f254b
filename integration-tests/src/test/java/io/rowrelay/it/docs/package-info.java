/** What the documents say, held against the code: settings, metrics, findings of doctor, links, lengths. */
@NullMarked
package io.rowrelay.it.docs;

import org.jspecify.annotations.NullMarked;
