package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.jdbc.AppliedTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What the role must be allowed to do with a destination table. It is asked for with the table's definition, since the first change
 * that needs a right may come long after the start.
 */
final class DestinationRights {
    private static final String LACKS = """
            SELECT string_agg(p.privilege, ', ' ORDER BY p.place), current_user
            FROM unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) WITH ORDINALITY p(privilege, place)
            WHERE NOT has_table_privilege(?::regclass, p.privilege)""";

    private DestinationRights() {}

    static void require(Connection connection, AppliedTable table) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(LACKS)) {
            statement.setString(1, table.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String lacks = row.getString(1);
                if (lacks != null) {
                    throw new OutageException(
                            "role " + row.getString(2) + " lacks " + lacks + " on " + table.name()
                                    + " in the destination: run SELECT cdc_grant_destination("
                                    + Identifiers.literal(table.name()) + ", " + Identifiers.literal(row.getString(2))
                                    + ")",
                            null);
                }
            }
        }
    }
}
