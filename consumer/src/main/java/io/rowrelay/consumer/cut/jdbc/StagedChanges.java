package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.RecordReader;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.record.ValidatedRecord;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a window that is larger than the memory, in temporary tables of the session: all of them as they came, and where the
 * newest of each key lie. Not thread-safe.
 */
final class StagedChanges implements WindowChanges {
    private static final String CREATE = """
            CREATE TEMPORARY TABLE IF NOT EXISTS rowrelay_staged (
                home text, key text, action_id bigint, xid xid8, kind text, origin bytea, value bytea)""";

    private static final String STAGE = """
            INSERT INTO pg_temp.rowrelay_staged (home, key, action_id, xid, kind, origin, value)
            SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[]::xid8[], ?::text[], ?::bytea[], ?::bytea[])""";

    /** Leaves out what is applied already, and all but the newest change of a key; without a key equal rows are netted. */
    private static final String FIND_NEWEST = """
            CREATE TEMPORARY TABLE rowrelay_newest AS
            SELECT DISTINCT ON (home, key) home, kind = 'DELETE' AS deletes, action_id, ctid AS address
            FROM pg_temp.rowrelay_staged AS s
            WHERE kind <> 'REJECTED' AND NOT VISIBLE AND home <> ALL (%2$s)
            ORDER BY home, key, action_id DESC;
            INSERT INTO pg_temp.rowrelay_newest
            SELECT home, kind = 'DELETE', action_id, address
            FROM (SELECT home, kind, action_id, ctid AS address,
                         row_number() OVER (PARTITION BY home, key, kind ORDER BY action_id DESC) AS place,
                         sum(CASE kind WHEN 'DELETE' THEN -1 ELSE 1 END) OVER (PARTITION BY home, key) AS net
                  FROM pg_temp.rowrelay_staged AS s
                  WHERE kind <> 'REJECTED' AND NOT VISIBLE AND home = ANY (%2$s)) AS equal
            WHERE place <= CASE kind WHEN 'DELETE' THEN -net ELSE net END""".replace("VISIBLE", WindowRule.visible("s", "'%1$s'"));

    private static final String NEWEST = """
            SELECT s.home, s.xid::text, s.origin, s.value
            FROM (SELECT n.address FROM pg_temp.rowrelay_newest n WHERE n.home = ? AND n.deletes = ? ORDER BY n.action_id) AS wanted
            JOIN pg_temp.rowrelay_staged s ON s.ctid = wanted.address""";

    private static final String IN_ORDER = """
            SELECT s.home, s.xid::text, s.origin, s.value
            FROM (SELECT a.ctid AS address FROM pg_temp.rowrelay_staged a
                  WHERE a.kind <> 'REJECTED' AND NOT VISIBLE AND a.home <> ALL (?)
                  ORDER BY a.action_id) AS wanted
            JOIN pg_temp.rowrelay_staged s ON s.ctid = wanted.address""".replace("VISIBLE", WindowRule.visible("a", WindowRule.PARAMETER));

    private static final String REJECTED =
            "SELECT s.home, s.xid::text, s.origin, s.value FROM pg_temp.rowrelay_staged s WHERE s.kind = 'REJECTED'";

    private static final int FETCHED_ROWS = 1_000;
    private static final long PART_BYTES = 2 << 20;
    private static final String REJECTED_KIND = "REJECTED";

    private final Connection connection;
    private final RecordReader reader;
    private final Function<String, List<String>> keyOf;
    private final Set<String> tables = new HashSet<>();
    private String applied = "";
    private String[] keyless = {};
    private long size;

    /** {@code keyOf} tells the key columns of a table. */
    StagedChanges(Connection connection, RecordReader reader, Function<String, List<String>> keyOf) {
        this.connection = connection;
        this.reader = reader;
        this.keyOf = keyOf;
    }

    /** Creates what is to be filled, in the transaction of the caller. */
    void create() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
            // One that a failed attempt has left.
            statement.execute("TRUNCATE pg_temp.rowrelay_staged");
        }
    }

    /** Takes records with their table and transaction, validated or rejected. */
    void add(List<Staged> records) throws SQLException {
        int count = records.size();
        String[] homes = new String[count];
        @Nullable String[] keys = new String[count];
        Long[] actionIds = new Long[count];
        String[] xids = new String[count];
        String[] kinds = new String[count];
        byte[][] origins = new byte[count][];
        byte[] @Nullable [] values = new byte[count][];
        for (int i = 0; i < count; i++) {
            Staged staged = records.get(i);
            homes[i] = staged.table();
            xids[i] = Long.toString(staged.xid());
            origins[i] = StagedRecord.write(staged.origin());
            values[i] = staged.origin().value();
            if (staged.read() instanceof ValidChange change) {
                keys[i] = change.key();
                actionIds[i] = change.actionId();
                kinds[i] = change.action().name();
                tables.add(staged.table());
            } else {
                kinds[i] = REJECTED_KIND;
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(STAGE)) {
            statement.setArray(1, connection.createArrayOf("text", homes));
            statement.setArray(2, connection.createArrayOf("text", keys));
            statement.setArray(3, connection.createArrayOf("int8", actionIds));
            statement.setArray(4, connection.createArrayOf("text", xids));
            statement.setArray(5, connection.createArrayOf("text", kinds));
            statement.setArray(6, connection.createArrayOf("bytea", origins));
            statement.setArray(7, connection.createArrayOf("bytea", values));
            statement.executeUpdate();
        }
        size += count;
    }

    /** A record that was read. */
    record Staged(String table, long xid, TopicRecord origin, ValidatedRecord read) {}

    long size() {
        return size;
    }

    /** Finds what is new to a destination that shows {@code snapshot}, in the transaction of the caller. */
    void find(String snapshot, Set<String> withoutKey) throws SQLException {
        applied = snapshot;
        keyless = withoutKey.toArray(String[]::new);
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS pg_temp.rowrelay_newest");
            String names = connection.createArrayOf("text", keyless).toString().replace("'", "''");
            statement.execute(FIND_NEWEST.formatted(applied, "'" + names + "'"));
        }
    }

    /** How many of those that are staged are new. */
    long found() throws SQLException {
        return Query.one(
                connection,
                "SELECT count(*) FROM pg_temp.rowrelay_staged s WHERE NOT "
                        + WindowRule.visible("s", WindowRule.PARAMETER),
                row -> row.getLong(1),
                applied);
    }

    /** Those that were not valid when they were read. */
    List<Rejected> rejected() throws SQLException {
        List<Rejected> rejected = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(REJECTED);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                if (read(row) instanceof Rejected found) {
                    rejected.add(found);
                }
            }
        }
        return rejected;
    }

    @Override
    public Set<String> tables() {
        return tables;
    }

    @Override
    public void deletions(String table, Part<ValidChange> part) throws SQLException, OutageException {
        newest(table, true, part);
    }

    @Override
    public void images(String table, Part<ValidChange> part) throws SQLException, OutageException {
        newest(table, false, part);
    }

    private void newest(String table, boolean deletes, Part<ValidChange> part) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
            statement.setString(1, table);
            statement.setBoolean(2, deletes);
            give(statement, (home, xid, change) -> change, part);
        }
    }

    @Override
    public void inOrder(Part<TableChange> part) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(IN_ORDER)) {
            statement.setString(1, applied);
            statement.setArray(2, connection.createArrayOf("text", keyless));
            give(statement, TableChange::new, part);
        }
    }

    @FunctionalInterface
    private interface Making<T> {
        T of(String table, long xid, ValidChange change);
    }

    private <T> void give(PreparedStatement statement, Making<T> making, Part<T> part)
            throws SQLException, OutageException {
        statement.setFetchSize(FETCHED_ROWS);
        List<T> held = new ArrayList<>();
        long bytes = 0;
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                if (!(read(row) instanceof ValidChange change)) {
                    throw new OutageException("the key of " + row.getString(1) + " was altered meanwhile", null);
                }
                held.add(making.of(row.getString(1), Long.parseLong(row.getString(2)), change));
                bytes += change.origin().bytes();
                if (bytes >= PART_BYTES) {
                    part.take(held);
                    held = new ArrayList<>();
                    bytes = 0;
                }
            }
        }
        if (!held.isEmpty()) {
            part.take(held);
        }
    }

    private ValidatedRecord read(ResultSet row) throws SQLException {
        TopicRecord record = StagedRecord.read(Objects.requireNonNull(row.getBytes(3)), row.getBytes(4));
        return reader.read(record, keyOf.apply(row.getString(1)));
    }

    /** Drops the temporary tables, in the transaction of the caller. */
    void drop() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS pg_temp.rowrelay_staged, pg_temp.rowrelay_newest");
        }
    }
}
