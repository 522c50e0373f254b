package io.rowrelay.stream.table.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The streams that the source knows by itself, with the tables that were captured into them. */
public final class StreamRegistry {
    /** A role that may not read it is one of a stream that is not in it. */
    private static final String READABLE =
            "SELECT coalesce(has_table_privilege(to_regclass('rowrelay.stream'), 'SELECT')"
                    + " AND has_table_privilege(to_regclass('rowrelay.stream_table'), 'SELECT'), false)";

    private static final String STREAM = """
            SELECT s.action_ids::oid::bigint, has_sequence_privilege(s.action_ids::oid, 'SELECT')
            FROM rowrelay.stream s WHERE s.name = ?""";

    /** A table that was dropped is in it until the next call of cdc_stream. */
    private static final String TABLES = """
            SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', m.nspname, h.relname), t.topic, d.sequence::oid::bigint,
                   has_sequence_privilege(d.sequence::oid, 'SELECT')
            FROM rowrelay.stream_table t
            JOIN pg_class c ON c.oid = t.source_table JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_class h ON h.oid = t.change_table JOIN pg_namespace m ON m.oid = h.relnamespace
            LEFT JOIN LATERAL rowrelay.sequences(t.change_table) d ON d.kind = 'a'
            WHERE t.stream = ? ORDER BY t.topic, 1""";

    private static final String VERSION = """
            SELECT coalesce(md5(string_agg(concat_ws(' ', t.source_table::oid, t.change_table::oid, t.topic, c.relname, c.relnamespace), ','
                                           ORDER BY t.source_table)), '')
            FROM rowrelay.stream_table t JOIN pg_class c ON c.oid = t.source_table WHERE t.stream = ?""";

    /**
     * An SQL expression that has another value when a table has come into the stream, whose name is a parameter: less than {@link
     * #version} tells, but cheap.
     */
    public static final String MEMBERS =
            "(SELECT concat(count(*), ' ', max(m.captured_at)) FROM rowrelay.stream_table m WHERE m.stream = ?)";

    private StreamRegistry() {}

    /**
     * A stream of the registry.
     *
     * @param stream its tables
     * @param actionIds the object id of the sequence of its action_ids
     * @param drawn the object ids of the sequences that tell which tables have got changes, in the order of the tables
     * @param version another one as soon as other tables are in it
     * @param members what {@link #MEMBERS} was
     */
    public record Registered(Stream stream, long actionIds, List<Long> drawn, String version, String members) {
        public Registered {
            drawn = List.copyOf(drawn);
        }

        /** The same without some tables. */
        public Registered without(Set<String> sourceTables) {
            List<CapturedTable> left = new ArrayList<>();
            List<Long> leftDrawn = new ArrayList<>();
            for (int i = 0; i < drawn.size(); i++) {
                CapturedTable table = stream.tables().get(i);
                if (!sourceTables.contains(table.sourceTable())) {
                    left.add(table);
                    leftDrawn.add(drawn.get(i));
                }
            }
            return new Registered(Stream.registered(stream.name(), left), actionIds, leftDrawn, version, members);
        }
    }

    private record Entry(CapturedTable table, long drawn, boolean readable) {
        static Entry of(ResultSet row) throws SQLException {
            return new Entry(
                    new CapturedTable(
                            String.valueOf(row.getString(1)),
                            String.valueOf(row.getString(2)),
                            String.valueOf(row.getString(3))),
                    row.getLong(4),
                    row.getBoolean(5));
        }
    }

    /**
     * Reads a stream; empty where the registry does not have it.
     *
     * @throws OutageException when what tells of new changes of a table may not be read
     */
    public static Optional<Registered> read(Connection connection, String name) throws SQLException, OutageException {
        if (!Query.one(connection, READABLE, row -> row.getBoolean(1))) {
            return Optional.empty();
        }
        Optional<Entry> ids = Query.first(
                connection,
                STREAM,
                row -> new Entry(new CapturedTable(name, name, name), row.getLong(1), row.getBoolean(2)),
                name);
        if (ids.isEmpty()) {
            return Optional.empty();
        }
        // First: a table that comes in meanwhile makes another one.
        String version = version(connection, name);
        String members = Query.one(connection, "SELECT " + MEMBERS, row -> row.getString(1), name);
        List<Entry> entries = Query.list(connection, TABLES, Entry::of, name);
        refuseUnreadable(name, ids.get(), entries);
        return Optional.of(new Registered(
                Stream.registered(name, entries.stream().map(Entry::table).toList()),
                ids.get().drawn(),
                entries.stream().map(Entry::drawn).toList(),
                version,
                members));
    }

    /** What {@link Registered#version} would be now. */
    public static String version(Connection connection, String name) throws SQLException {
        return Query.one(connection, VERSION, row -> row.getString(1), name);
    }

    private static void refuseUnreadable(String name, Entry ids, List<Entry> entries) throws OutageException {
        List<Entry> all = new ArrayList<>(entries);
        all.add(ids);
        List<String> unreadable = all.stream()
                .filter(entry -> !entry.readable())
                .map(entry -> entry.table().sourceTable())
                .toList();
        if (!unreadable.isEmpty()) {
            throw OutageException.waitingForAHuman("the sequences of stream " + name + " cannot be read, of: "
                    + String.join(", ", unreadable) + ": run SELECT cdc_stream and cdc_grant_stream for it again");
        }
    }
}
