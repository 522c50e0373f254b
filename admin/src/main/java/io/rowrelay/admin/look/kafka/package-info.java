/**
 * The stream's topics and consumer group, as one looks at them. Must not import java.sql.
 */
@NullMarked
package io.rowrelay.admin.look.kafka;

import org.jspecify.annotations.NullMarked;
