package io.rowrelay.stream.table.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * The column of a destination table in which the consumer keeps which change a row shows. cdc_destination marks it with a comment; it is
 * called action_id, unless the table has a column of that name for itself.
 */
public final class FenceColumn {
    /** What it is called where the table does not need the name. */
    public static final String USUAL_NAME = "action_id";

    /** The {@link #rank} of a column that is marked, and needs no other evidence. */
    public static final int MARKED = 2;

    /** Before sql/destination was applied there is no cdc_progress; a role may not be allowed to read cdc_writer. */
    private static final String KNOWN = "SELECT to_regclass('cdc_progress') IS NOT NULL,"
            + " coalesce(has_table_privilege(to_regclass('cdc_writer'), 'SELECT'), false)";

    private static final String HAS_PROGRESS = "SELECT EXISTS (SELECT FROM cdc_progress p WHERE p.stream = ?)";

    /** What was noted by a name that no table has any more tells nothing. */
    private static final String WRITES_IT = """
            SELECT coalesce(bool_or(c.oid = to_regclass(?)), true)
            FROM cdc_writer w
            JOIN pg_catalog.pg_namespace n ON n.nspname = (parse_ident(w.destination_table))[1]
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = (parse_ident(w.destination_table))[2]
            WHERE w.stream = ?""";

    private FenceColumn() {}

    /**
     * An SQL expression for how likely a row of pg_attribute is it: {@link #MARKED} where it is marked, 1 where a cdc_destination that did not mark it
     * may have made it, else 0. The largest counts; 1 only where {@link #isOf} says so.
     */
    public static String rank(String attribute) {
        return """
                CASE WHEN %2$s THEN %3$d
                     WHEN %1$s.attname = 'action_id' AND %1$s.atttypid = 'bigint'::regtype AND NOT %1$s.attnotnull
                      AND NOT %1$s.atthasdef AND %1$s.attidentity = '' THEN 1 ELSE 0 END""".formatted(attribute, isMarked(attribute), MARKED);
    }

    /** An SQL condition, never null, that a row of pg_attribute is marked as such a column: in a source that is a destination too. */
    public static String isMarked(String attribute) {
        return "coalesce(col_description(%1$s.attrelid, %1$s.attnum) LIKE 'Rowrelay: the change that the row shows%%', false)"
                .formatted(attribute);
    }

    /** Returns the name of the one that is marked, unquoted. The table's name is as in SQL. */
    public static Optional<String> find(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT a.attname FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped AND %s
                LIMIT 1""".formatted(isMarked("a")))) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /**
     * Whether an action_id without a mark is the consumer's: where the stream has applied changes and is not known to write
     * another table, an earlier version made the column, or the table is a copy. Else it is the table's own for all that is known.
     */
    public static boolean isOf(Connection connection, String table, String stream) throws SQLException {
        boolean progress;
        boolean writers;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(KNOWN)) {
            row.next();
            progress = row.getBoolean(1);
            writers = row.getBoolean(2);
        }
        return progress
                && holds(connection, HAS_PROGRESS, stream)
                && (!writers || holds(connection, WRITES_IT, table, stream));
    }

    private static boolean holds(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int place = 0; place < parameters.length; place++) {
                statement.setString(place + 1, parameters[place]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
