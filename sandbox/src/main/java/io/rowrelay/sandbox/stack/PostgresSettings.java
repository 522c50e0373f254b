package io.rowrelay.sandbox.stack;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a PostgreSQL server of the sandbox is to be.
 *
 * @param directory where its data and its log live; made if missing, continued if there is data in it
 * @param database the database to create
 * @param port the port to listen on, or zero for any free one
 * @param parameters server parameters, such as {@code max_prepared_transactions}
 * @param security what it is secured with; without it, it takes connections in the clear
 * @param randomPassword whether the superuser of new data gets a password that nobody can guess
 */
record PostgresSettings(
        Path directory,
        String database,
        int port,
        Map<String, String> parameters,
        @Nullable StackSecurity security,
        boolean randomPassword) {
    PostgresSettings {
        parameters = Map.copyOf(parameters);
    }
}
