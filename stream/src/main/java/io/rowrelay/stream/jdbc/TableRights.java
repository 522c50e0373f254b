package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a daemon's role must be allowed to do with tables. It is asked for at the start, since the first statement that needs a right
 * may come a day later. Not thread-safe.
 */
public final class TableRights {
    private static final String LACKS = """
            SELECT string_agg(p.privilege || ' on ' || needed.name, ', ' ORDER BY needed.place, p.place), current_user
            FROM unnest(?::text[], ?::text[]) WITH ORDINALITY needed(name, privileges, place)
            CROSS JOIN unnest(string_to_array(needed.privileges, ',')) WITH ORDINALITY p(privilege, place)
            WHERE NOT has_table_privilege(NAMED, p.privilege)""".replace("NAMED", RolePath.table("needed.name"));

    private final Map<String, String> needed = new LinkedHashMap<>();

    /** Nothing yet. */
    public TableRights() {}

    /** The rights, separated by commas, on a table by its name as in SQL. A table that does not exist is not missed here. */
    public TableRights on(String table, String privileges) {
        needed.put(table, privileges);
        return this;
    }

    /**
     * Fails when the session's role lacks any of them.
     *
     * @param remedy what grants them, without the role at its end
     */
    public void require(Connection connection, String remedy) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(LACKS)) {
            statement.setArray(
                    1, connection.createArrayOf("text", needed.keySet().toArray()));
            statement.setArray(
                    2, connection.createArrayOf("text", needed.values().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getString(1) != null) {
                    throw new OutageException(
                            "role " + row.getString(2) + " lacks " + row.getString(1) + ": run SELECT " + remedy
                                    + " for it, as the owner of the tables",
                            null);
                }
            }
        }
    }
}
