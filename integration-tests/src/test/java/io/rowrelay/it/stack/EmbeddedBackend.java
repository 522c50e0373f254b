package io.rowrelay.it.stack;

import io.rowrelay.sandbox.stack.Stack;

/** The sandbox's stack: no Docker needed. */
final class EmbeddedBackend implements Backend {
    private final Stack stack = Stack.builder()
            .withoutTables()
            .postgresParameter("max_prepared_transactions", "20")
            .postgresParameter("max_connections", "200")
            .postgresParameter("fsync", "off")
            .start();

    @Override
    public String sourceUrl(String database) {
        return stack.source().jdbcUrl(database);
    }

    @Override
    public String destinationUrl(String database) {
        return stack.destination().jdbcUrl(database);
    }

    @Override
    public String bootstrapServers() {
        return stack.kafka().bootstrapServers();
    }
}
