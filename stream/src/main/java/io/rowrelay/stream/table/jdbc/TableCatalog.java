package io.rowrelay.stream.table.jdbc;

import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the definitions of tables from the catalog, however many in one round trip. */
public final class TableCatalog {
    private TableCatalog() {}

    /**
     * Reads the table of a name as in SQL; one without a schema is looked for in the session's search_path. Its columns have no
     * {@linkplain Column#expression expressions}. A relation without columns is none.
     */
    public static Optional<Table> find(Connection connection, String name) throws SQLException {
        return Optional.ofNullable(read(connection, List.of(name)).get(name));
    }

    /** Likewise with expressions: to print them, PostgreSQL waits for a lock of the table. */
    public static Optional<Table> findWithExpressions(Connection connection, String name) throws SQLException {
        return Optional.ofNullable(read(connection, List.of(name), true).get(name));
    }

    /** Reads tables as {@link #find} does; those that are not there are left out. */
    public static Map<String, Table> read(Connection connection, Collection<String> names) throws SQLException {
        return read(connection, List.copyOf(names), false);
    }

    private static Map<String, Table> read(Connection connection, List<String> names, boolean expressions)
            throws SQLException {
        Map<Integer, Table> tables = new HashMap<>();
        Map<Integer, List<Column>> columns = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(CatalogQuery.SQL)) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            statement.setBoolean(2, expressions);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int place = row.getInt("place");
                    if (!tables.containsKey(place)) {
                        tables.put(place, CatalogRow.table(row));
                    }
                    columns.computeIfAbsent(place, first -> new ArrayList<>()).add(CatalogRow.column(row));
                }
            }
        }
        Map<String, Table> found = new LinkedHashMap<>();
        for (int place = 1; place <= names.size(); place++) {
            Table table = tables.get(place);
            if (table != null) {
                found.put(names.get(place - 1), table.withColumns(columns.getOrDefault(place, List.of())));
            }
        }
        return found;
    }
}
