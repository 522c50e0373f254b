package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of a stream of many tables, as the source's registry has it. A stream that is not there has one table, which the
 * settings name.
 *
 * @param name the source table, qualified and quoted; the destination's table is called the same
 * @param changeTable where its changes are, likewise
 * @param topic where they are published
 * @param keyed whether a key tells its rows apart
 * @param parents the tables that its foreign keys lead to
 */
public record RegisteredTable(String name, String changeTable, String topic, boolean keyed, Set<String> parents) {
    public RegisteredTable {
        parents = Set.copyOf(parents);
    }

    /**
     * Reads those of a stream, in the order of their names; none if it is of one table, or the role may not see the registry. In
     * the transaction of the connection.
     */
    public static List<RegisteredTable> read(Connection connection, String stream) throws SQLException {
        boolean readable = Query.one(
                connection,
                "SELECT to_regclass('rowrelay.stream_table') IS NOT NULL"
                        + " AND has_table_privilege(to_regclass('rowrelay.stream_table'), 'SELECT')",
                row -> row.getBoolean(1));
        return !readable
                ? List.of()
                : Query.list(
                        connection,
                        """
                SELECT t.source_table::text, t.change_table::text, t.topic, rowrelay.key_index(t.source_table) IS NOT NULL, ARRAY(
                    SELECT DISTINCT p.source_table::text
                    FROM pg_constraint AS k JOIN rowrelay.stream_table AS p ON p.source_table = k.confrelid
                    WHERE k.contype = 'f' AND k.conrelid = t.source_table AND k.confrelid <> k.conrelid AND p.stream = t.stream)
                FROM rowrelay.stream_table AS t
                JOIN pg_class AS s ON s.oid = t.source_table
                JOIN pg_class AS c ON c.oid = t.change_table
                WHERE t.stream = ?
                ORDER BY 1""",
                        row -> new RegisteredTable(
                                row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4), Set.of((String
                                                [])
                                        row.getArray(5).getArray())),
                        stream);
    }

    /** Parents before their children, as far as there is such an order: foreign keys can form circles. */
    public static List<RegisteredTable> parentsFirst(List<RegisteredTable> tables) {
        Set<RegisteredTable> ordered = new LinkedHashSet<>();
        List<RegisteredTable> left = new ArrayList<>(tables);
        while (!left.isEmpty()) {
            Set<String> waiting =
                    new LinkedHashSet<>(left.stream().map(RegisteredTable::name).toList());
            List<RegisteredTable> ready = left.stream()
                    .filter(table -> table.parents().stream().noneMatch(waiting::contains))
                    .toList();
            ordered.addAll(ready.isEmpty() ? List.of(left.get(0)) : ready);
            left.removeAll(ordered);
        }
        return List.copyOf(ordered);
    }

    /** The settings of the stream, for this table of it. */
    public AdminSettings settings(AdminSettings stream) {
        return stream.of(name, changeTable, topic);
    }
}
