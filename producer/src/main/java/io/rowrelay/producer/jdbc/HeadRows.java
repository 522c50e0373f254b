package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.Change;
import io.rowrelay.stream.CapturedTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Changes without key and value: shows which there are when one of them cannot be read. */
final class HeadRows implements ChangeRows {
    private static final int CHANGED_AT_MICROS = 4;

    private final CapturedTable table;

    HeadRows(CapturedTable table) {
        this.table = table;
    }

    @Override
    public String selected(String found) {
        return """
                       r.action_id, (extract(epoch FROM r.changed_at) * 1000000)::bigint AS changed_at_micros, one.most
                FROM (VALUES (?::bigint)) one(most) LEFT JOIN %s r ON true""".formatted(found);
    }

    @Override
    public int mostUnmeasured() {
        return 0;
    }

    @Override
    public Optional<Change> change(ResultSet row, long actionId) throws SQLException {
        return Optional.of(new Change(table, actionId, null, null, 0, row.getLong(CHANGED_AT_MICROS)));
    }
}
