package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.Change;
import io.rowrelay.stream.CapturedTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Changes without key and value: shows which there are when one of them cannot be read. */
final class HeadRows implements ChangeRows {
    private static final int CHANGED_AT_MICROS = 4;

    private static final int XID = 6;

    private final CapturedTable table;
    private final boolean transactions;

    /** With the transaction of each where that is asked for. */
    HeadRows(CapturedTable table, boolean transactions) {
        this.table = table;
        this.transactions = transactions;
    }

    @Override
    public String selected(String found, String largest) {
        return """
                       r.action_id, (extract(epoch FROM r.changed_at) * 1000000)::bigint AS changed_at_micros, one.most%3$s
                FROM (VALUES (%2$s::bigint)) one(most) LEFT JOIN %1$s r ON true""".formatted(found, largest, transactions ? ", r.xid::text AS change_xid" : "");
    }

    @Override
    public int mostUnmeasured() {
        return 0;
    }

    @Override
    public Optional<Change> change(ResultSet row, long actionId) throws SQLException {
        Change change = new Change(table, actionId, null, null, 0, row.getLong(CHANGED_AT_MICROS));
        return Optional.of(transactions ? change.by(row.getLong(XID)) : change);
    }
}
