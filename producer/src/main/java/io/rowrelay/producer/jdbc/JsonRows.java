package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.record.Envelope;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Changes that the server prints, whatever their types and however wide they are. They are printed one by one as they are
 * fetched: a page of wide rows ends early, and the rows after its end must not be printed for nothing. The row of nulls is not
 * printed, since most polls find nothing else. Nor is a row that is stored in more bytes than may be read: the server could not
 * print more than a GB, and would need several times as much memory for less.
 */
public final class JsonRows implements ChangeRows {
    /** The server prints all of them before it can leave out those that are too wide. */
    private static final int MOST_UNMEASURED = 500;

    private static final int XID = 8;

    private final CapturedTable captured;
    private final ChangeTable table;
    private final boolean transactions;

    public JsonRows(CapturedTable captured, ChangeTable table) {
        this(captured, table, false);
    }

    /** With the transaction of each change where that is asked for. */
    JsonRows(CapturedTable captured, ChangeTable table, boolean transactions) {
        this.captured = captured;
        this.table = table;
        this.transactions = transactions;
    }

    @Override
    public String selected(String found, String largest) {
        return """
                       f.action_id, %2$s AS change_key,
                       (extract(epoch FROM f.changed_at) * 1000000)::bigint AS changed_at_micros,
                       coalesce(octet_length(j.printed), f."rowrelay least") AS printed_bytes,
                       CASE WHEN octet_length(j.printed) <= f."rowrelay most" THEN j.printed END AS printed%6$s
                FROM (SELECT r.*, %4$s AS "rowrelay least", one."rowrelay most"
                      FROM (VALUES (%5$s::bigint)) one("rowrelay most") LEFT JOIN %1$s r ON true OFFSET 0) f
                LEFT JOIN LATERAL (SELECT row_to_json(rowrelay_change.*)::text AS printed
                                   FROM (SELECT %3$s) rowrelay_change
                                   WHERE f.action_id IS NOT NULL AND f."rowrelay least" <= f."rowrelay most"
                                   OFFSET 0) j ON true""".formatted(
                        found,
                        ChangeKey.text(table.key(), "f"),
                        fields(),
                        leastSize(),
                        largest,
                        transactions ? ", f.xid::text AS change_xid" : "");
    }

    private String leastSize() {
        return "0::bigint"
                + table.columns().stream()
                        .filter(column -> !column.small())
                        .map(column -> " + coalesce(" + column.leastSize("r") + ", 0)")
                        .collect(Collectors.joining());
    }

    private String fields() {
        return "f." + Envelope.ACTION_ID + ", f." + Envelope.ACTION + ", f." + Envelope.CHANGED_AT
                + table.columns().stream()
                        .map(column -> ", " + column.value("f") + " AS " + Identifiers.quote(column.field()))
                        .collect(Collectors.joining());
    }

    @Override
    public int mostUnmeasured() {
        return MOST_UNMEASURED;
    }

    @Override
    public Optional<Change> change(ResultSet row, long actionId) throws SQLException {
        int bytes = (int) Math.min(Integer.MAX_VALUE, row.getLong(6));
        Change change = new Change(captured, actionId, row.getBytes(4), row.getBytes(7), bytes, row.getLong(5));
        return Optional.of(transactions ? change.by(row.getLong(XID)) : change);
    }
}
