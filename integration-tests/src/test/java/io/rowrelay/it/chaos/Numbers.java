package io.rowrelay.it.chaos;

import io.rowrelay.sandbox.load.SessionSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Many tables beside those of the shop. A row has the same number in each of them after each transaction. */
final class Numbers {
    /** Together with those of the shop and that of the probes there are 20. */
    static final int TABLES = 12;

    private static final int ROWS = 10;

    private Numbers() {}

    /** The tables, empty. */
    static String[] create() {
        return IntStream.rangeClosed(1, TABLES)
                .mapToObj(table -> "CREATE TABLE " + name(table) + " (id integer PRIMARY KEY, n bigint NOT NULL"
                        + (table == 1 ? "" : ", FOREIGN KEY (id) REFERENCES " + name(1) + " ON DELETE CASCADE")
                        + ")")
                .toArray(String[]::new);
    }

    private static String name(int table) {
        return "shop.number_" + table;
    }

    /** Counts rows up, removes some and adds them again, until it is told to stop; returns how many transactions were committed. */
    static long write(SessionSource source, BooleanSupplier stop, SplittableRandom random) throws SQLException {
        long committed = 0;
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.getAsBoolean()) {
                int id = 1 + random.nextInt(ROWS);
                if (random.nextInt(10) == 0) {
                    statement.execute("DELETE FROM " + name(1) + " WHERE id = " + id);
                } else {
                    for (int table = 1; table <= TABLES; table++) {
                        statement.execute("INSERT INTO " + name(table) + " AS t VALUES (" + id
                                + ", 1) ON CONFLICT (id) DO UPDATE SET n = t.n + 1");
                    }
                }
                connection.commit();
                committed++;
            }
        }
        return committed;
    }

    private static final String LOOK = IntStream.rangeClosed(1, TABLES)
            .mapToObj(table -> "SELECT id, n, " + table + " AS place FROM " + name(table))
            .collect(Collectors.joining(
                    " UNION ALL ",
                    "SELECT format('row %s: %s numbers in %s tables', id, count(DISTINCT n), count(*)) FROM (",
                    ") AS every GROUP BY id HAVING count(DISTINCT n) <> 1 OR count(*) <> " + TABLES + " LIMIT 1"));

    /** Reads until it is told to stop or finds a state that never was. */
    static Optional<String> read(SessionSource destination, BooleanSupplier stop, AtomicLong reads)
            throws SQLException {
        try (Connection connection = destination.open();
                Statement statement = connection.createStatement()) {
            while (!stop.getAsBoolean()) {
                try (ResultSet row = statement.executeQuery(LOOK)) {
                    reads.incrementAndGet();
                    if (row.next()) {
                        return Optional.of(row.getString(1));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
