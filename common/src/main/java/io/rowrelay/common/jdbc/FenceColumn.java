package io.rowrelay.common.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The column of a destination table in which the consumer keeps which change a row shows. cdc_destination marks it with a comment; it is
 * called action_id, unless the table has a column of that name for itself.
 */
public final class FenceColumn {
    /** What it is called where the table does not need the name. */
    public static final String USUAL_NAME = "action_id";

    private FenceColumn() {}

    /**
     * An SQL expression for how likely a row of pg_attribute is it: 2 where it is marked, 1 where a cdc_destination that did not mark it
     * may have made it, else 0. The largest counts.
     */
    public static String rank(String attribute) {
        return """
                CASE WHEN %2$s THEN 2
                     WHEN %1$s.attname = 'action_id' AND %1$s.atttypid = 'bigint'::regtype AND NOT %1$s.attnotnull
                      AND NOT %1$s.atthasdef AND %1$s.attidentity = '' THEN 1 ELSE 0 END""".formatted(attribute, isMarked(attribute));
    }

    /** An SQL condition, never null, that a row of pg_attribute is marked as such a column: in a source that is a destination too. */
    public static String isMarked(String attribute) {
        return "coalesce(col_description(%1$s.attrelid, %1$s.attnum) LIKE 'Rowrelay: the change that the row shows%%', false)"
                .formatted(attribute);
    }

    /** Returns its name, unquoted. The table's name is as in SQL. */
    public static Optional<String> find(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT f.attname FROM (
                    SELECT a.attname, %s AS rank FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped) f
                WHERE f.rank > 0 ORDER BY f.rank DESC LIMIT 1""".formatted(rank("a")))) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }
}
