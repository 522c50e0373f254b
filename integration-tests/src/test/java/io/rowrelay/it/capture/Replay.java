package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;

/**
 * Compares a table with what its change table says it is: of each key the newest change in the order of action_id, gone
 * if that is a DELETE. That is what a destination ends with.
 */
record Replay(String table, String changeTable) {
    static final Replay EMPLOYEES = new Replay("employees", "emp_cdc");

    void assertEqual(Session session) throws SQLException {
        assertThat(differences(session)).as("replay of %s", changeTable).isEmpty();
    }

    /** The rows that are in one and not in the other, as text, so that 1.0 and 1.00 differ. */
    List<String> differences(Session session) throws SQLException {
        String columns = columns(session, "true");
        String captured = captured(session, "true");
        String key = "ROW(" + captured(session, "key_position IS NOT NULL") + ")::text COLLATE \"C\"";
        return session.list("""
                WITH newest AS (
                    SELECT DISTINCT ON (%1$s) * FROM %2$s ORDER BY %1$s, action_id DESC
                ), replayed AS (
                    SELECT ROW(%5$s)::text COLLATE "C" AS line FROM newest WHERE action <> 'DELETE'
                ), actual AS (
                    SELECT ROW(%3$s)::text COLLATE "C" AS line FROM %4$s
                )
                SELECT 'only in the replay: ' || line FROM (TABLE replayed EXCEPT ALL TABLE actual) a
                UNION ALL
                SELECT 'only in the table: ' || line FROM (TABLE actual EXCEPT ALL TABLE replayed) b""".formatted(key, changeTable, columns, table, captured));
    }

    /** The changes captured so far, oldest first, as "ACTION key". */
    List<String> changes(Session session) throws SQLException {
        return session.list("SELECT concat_ws(' ', action, " + captured(session, "key_position IS NOT NULL") + ") FROM "
                + changeTable + " ORDER BY action_id");
    }

    /** The columns as the change table has them, with the types of the table. */
    private String captured(Session session, String condition) throws SQLException {
        return session.value(
                "SELECT string_agg(format('%I::%s', change_column, column_type), ', ' ORDER BY attnum) FROM rowrelay.columns('"
                        + table.replace("'", "''") + "') WHERE " + condition);
    }

    private String columns(Session session, String condition) throws SQLException {
        return session.value("SELECT string_agg(quote_ident(column_name), ', ' ORDER BY attnum) FROM rowrelay.columns('"
                + table.replace("'", "''") + "') WHERE " + condition);
    }
}
