package io.rowrelay.admin.init;

import java.util.Optional;

/**
 * The roles of the daemons.
 *
 * @param producer that of the producer, where it is to be granted something
 * @param consumer that of the consumer
 * @param grantConsumer whether it is to be granted something
 */
record Roles(Optional<String> producer, String consumer, boolean grantConsumer) {}
