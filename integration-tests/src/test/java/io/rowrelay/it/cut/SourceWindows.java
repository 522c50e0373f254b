package io.rowrelay.it.cut;

import io.rowrelay.consumer.cut.CutChange;
import io.rowrelay.consumer.cut.CutProgress;
import io.rowrelay.consumer.cut.CutWindow;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.window.Snapshot;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads windows of a source as the producer does, each together with what the source looks like at its end. Not thread-safe. */
final class SourceWindows implements AutoCloseable {
    static final long SOURCE = 1;

    private final Connection connection;
    private final List<String> tables;
    private Snapshot last = Snapshot.parse("1:1:");
    private int number;

    SourceWindows(Connection connection, List<String> tables) throws SQLException {
        this.connection = connection;
        this.tables = tables;
        connection.setAutoCommit(false);
        CutPair.run(connection, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        connection.commit();
    }

    /**
     * A window.
     *
     * @param content of the source at its end
     */
    record Read(CutWindow window, List<String> content) {}

    /** Reads the window from the last snapshot to one that is taken now. */
    Read next() throws SQLException {
        Snapshot now = Snapshot.parse(
                CutPair.list(connection, "SELECT pg_current_snapshot()").get(0));
        List<CutChange> changes = new ArrayList<>();
        for (String table : tables) {
            read(table, now, changes);
        }
        List<String> content = CutPair.content(connection, tables);
        connection.commit();
        Cut cut = new Cut(new WindowId(1, ++number), SOURCE, last, now, Instant.now(), Map.of());
        last = now;
        return new Read(new CutWindow(cut, changes), content);
    }

    private void read(String table, Snapshot now, List<CutChange> changes) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT c.xid, (to_jsonb(c) - 'xid')::text,
                               (SELECT CASE count(*) WHEN 0 THEN NULL WHEN 1 THEN min(v #>> '{}') ELSE json_agg(v ORDER BY place)::text END
                                FROM (SELECT to_jsonb(c) -> a.attname, k.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(attnum, place)
                                      JOIN pg_attribute a ON a.attnum = k.attnum AND a.attrelid = '%1$s'::regclass
                                      WHERE i.indrelid = '%1$s'::regclass AND i.indisprimary) key(v, place))
                        FROM %1$s_cdc c
                        WHERE pg_visible_in_snapshot(c.xid, '%2$s') AND NOT pg_visible_in_snapshot(c.xid, '%3$s')""".formatted(table, now, last))) {
            while (row.next()) {
                changes.add(change(table, row.getLong(1), row.getString(3), row.getString(2)));
            }
        }
    }

    /** A change as it would lie on a topic. */
    static CutChange change(String table, long xid, @Nullable String key, String json) {
        TopicRecord record = new TopicRecord(
                new Partition("shop.public." + table, 0),
                xid,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8),
                0);
        return new CutChange(record, "public." + table, xid);
    }

    /** The progress behind a window. */
    static CutProgress after(CutWindow window) {
        Cut cut = window.cut();
        return new CutProgress(
                SOURCE,
                cut.s2(),
                cut.window(),
                cut.takenAt(),
                Map.of(new Partition("shop.cuts", 0), cut.window().number()),
                Map.of("shop.cuts", "id"));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
