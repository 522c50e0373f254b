package io.rowrelay.sandbox.shop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** The tables of the shop in a database. */
public final class Shop {
    /** What the tables are called, as a pattern for cdc_stream. */
    public static final String PATTERN = "shop.*";

    /** How many accounts there are, and what each has in the beginning. */
    static final int ACCOUNTS = 60;

    static final int OPENING = 1000;

    private Shop() {}

    /** Creates the tables, empty. */
    public static void createTables(Connection connection) throws SQLException {
        run(connection, "shop.sql");
    }

    /** Inserts the rows that the shop begins with. */
    public static void insertRows(Connection connection) throws SQLException {
        run(connection, "rows.sql");
    }

    private static void run(Connection connection, String resource) throws SQLException {
        try (InputStream sql = Shop.class.getResourceAsStream(resource);
                Statement statement = connection.createStatement()) {
            statement.execute(new String(Objects.requireNonNull(sql, resource).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(resource, unreadable);
        }
    }
}
