package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.window.Snapshot;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Asks which of many tables have changes in a window: much less than what it takes to read each of them. */
final class TablesWithChanges {
    /** Planning more at once would take much memory of the server. */
    private static final int TABLES_AT_ONCE = 50;

    private TablesWithChanges() {}

    /** Returns the positions of those that have. */
    static BitSet among(Connection connection, List<CapturedTable> tables, Snapshot s1, Snapshot s2)
            throws SQLException {
        BitSet found = new BitSet();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (int from = 0; from < tables.size(); from += TABLES_AT_ONCE) {
                int to = Math.min(from + TABLES_AT_ONCE, tables.size());
                String together = IntStream.range(from, to)
                        .mapToObj(position -> "SELECT " + position + " WHERE "
                                + WindowRule.hasChanges(tables.get(position).changeTable(), literal(s1), literal(s2)))
                        .collect(Collectors.joining(" UNION ALL "));
                try (ResultSet row = statement.executeQuery(together)) {
                    while (row.next()) {
                        found.set(row.getInt(1));
                    }
                }
            }
        }
        connection.commit();
        return found;
    }

    private static String literal(Snapshot snapshot) {
        return Identifiers.literal(snapshot.toString()) + "::pg_snapshot";
    }
}
