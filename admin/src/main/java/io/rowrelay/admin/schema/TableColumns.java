package io.rowrelay.admin.schema;

import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The columns of tables by the names of both; a value is the type, and whether a row must have one. */
record TableColumns(Map<String, Map<String, Column>> byTable) {
    private record Row(String table, String column, Column definition) {}

    /** One of them; it is needed where an INSERT that does not name it fails. */
    record Column(String type, boolean needed) {}

    /** Those of the tables that are there. The column of ours is none of theirs. */
    static TableColumns read(Connection connection, Collection<String> tables) throws SQLException {
        Map<String, Map<String, Column>> found = new TreeMap<>();
        for (Row row : Query.list(
                connection,
                """
                SELECT t.name, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                       a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
                FROM unnest(?::text[]) AS t (name) JOIN pg_attribute AS a ON a.attrelid = to_regclass(t.name)
                WHERE a.attnum > 0 AND NOT a.attisdropped
                  AND coalesce(col_description(a.attrelid, a.attnum), '') NOT LIKE 'Rowrelay: the change that the row shows%'
                ORDER BY t.name, a.attnum""",
                each -> new Row(
                        each.getString(1), each.getString(2), new Column(each.getString(3), each.getBoolean(4))),
                (Object) tables.toArray(String[]::new))) {
            found.computeIfAbsent(row.table(), none -> new TreeMap<>()).put(row.column(), row.definition());
        }
        return new TableColumns(found);
    }

    /** What would hinder rows of the one on their way into the other, for tables that both have. */
    List<String> hindrances(TableColumns destination) {
        List<String> found = new ArrayList<>();
        byTable.forEach((table, columns) -> {
            Map<String, Column> there = destination.byTable().get(table);
            if (there != null) {
                columns.forEach((name, column) -> {
                    Column other = there.get(name);
                    if (other == null) {
                        found.add(table + " has no column " + name + " in the destination: ALTER TABLE " + table
                                + " ADD COLUMN " + name + " " + column.type() + ";");
                    } else if (!other.type().equals(column.type())) {
                        found.add("column " + name + " of " + table + " is of type " + column.type()
                                + " in the source and " + other.type() + " in the destination");
                    }
                });
                there.forEach((name, column) -> {
                    if (column.needed() && !columns.containsKey(name)) {
                        found.add("column " + name + " of " + table
                                + " is in the destination only, and must have a value: ALTER TABLE " + table
                                + " ALTER COLUMN " + name + " DROP NOT NULL;");
                    }
                });
            }
        });
        return found;
    }
}
