/**
 * The window rule in SQL, and what it finds unpublished. Knows no daemon; must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.stream.window.jdbc;

import org.jspecify.annotations.NullMarked;
