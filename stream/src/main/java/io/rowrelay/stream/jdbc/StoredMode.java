package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.TableStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How a destination has been prepared to apply a stream of many tables: in cuts where it has a row in cdc_applied, row by row where
 * cdc_writer has tables under names of the stream.
 */
public final class StoredMode {
    /** A destination that was installed before has no such table, and a role that applies one table need not see both. */
    private static final String VISIBLE = "SELECT coalesce(has_table_privilege(%s, 'SELECT'), false)";

    private static final String IN_CUTS = "SELECT EXISTS (SELECT FROM {cdc_applied} WHERE stream = ?)";
    private static final String ROW_BY_ROW = "SELECT EXISTS (SELECT FROM {cdc_writer} WHERE starts_with(stream, ?))";

    private StoredMode() {}

    /** Asks; empty where the destination does not know the stream as one of many tables. In the transaction of the connection. */
    public static Optional<ApplyMode> read(Connection connection, String stream) throws SQLException {
        if (holds(connection, "'cdc_applied'", IN_CUTS, stream)) {
            return Optional.of(ApplyMode.CUTS);
        }
        return holds(connection, "'cdc_writer'", ROW_BY_ROW, TableStream.prefix(stream))
                ? Optional.of(ApplyMode.ROWS)
                : Optional.empty();
    }

    private static boolean holds(Connection connection, String table, String question, String stream)
            throws SQLException {
        return Query.one(connection, VISIBLE.formatted(RolePath.table(table)), row -> row.getBoolean(1))
                && Query.one(connection, RolePath.qualified(connection, question), row -> row.getBoolean(1), stream);
    }
}
