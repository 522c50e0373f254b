package io.rowrelay.admin.dlq;

import io.rowrelay.admin.dlq.ReplayForecast.Verdict;
import io.rowrelay.admin.tables.KeyedTable;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.stream.jdbc.ReplicaRole;
import io.rowrelay.stream.json.RawMembers;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.ColumnNames;
import io.rowrelay.stream.record.Envelope;
import io.rowrelay.stream.record.TombstoneKey;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Does with a record what the consumer would do, in a transaction that is rolled back: its row is locked for that moment,
 * and a trigger of the table runs where the consumer's would. Each record is tried by itself.
 */
final class Rehearsal {
    /** Whether the value is JSON at all is asked first: what reads members of it also reads the escapes of all others. */
    private static final String IS_OBJECT = "SELECT json_typeof(?::json) = 'object'";

    private static final String COLUMNS = """
            SELECT a.attname, a.attgenerated <> '', format_type(a.atttypid, a.atttypmod),
                   (WITH RECURSIVE made(type, of) AS (
                        SELECT t.oid, t.typbasetype FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
                        UNION ALL
                        SELECT b.oid, b.typbasetype FROM made d JOIN pg_catalog.pg_type b ON b.oid = d.of)
                    SELECT CASE WHEN b.oid = ANY ('{json,jsonb}'::regtype[]) THEN 'TEXT'
                                WHEN b.typrelid <> 0 OR EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = b.oid)
                                THEN 'ITSELF' ELSE 'TEXT_IF_NESTED' END
                    FROM made JOIN pg_catalog.pg_type b ON b.oid = made.type WHERE made.of = 0),
                   a.attidentity = 'a' AND coalesce(a.attnum = ANY (i.indkey::int2[]), false)
            FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";
    /** What the action_id is called beside values whose columns can have any name. */
    private static final String ACTION_ID = Identifiers.quote("rowrelay action_id");

    private final Connection connection;
    private final KeyedTable table;
    private final String stream;
    /** Identity columns of the key, which no UPDATE may set. */
    private final Set<String> fixed = new HashSet<>();

    Rehearsal(Connection connection, KeyedTable table, String stream) {
        this.connection = connection;
        this.table = table;
        this.stream = stream;
    }

    /** A column of the destination, and how the record goes on for it. */
    private record Column(String name, String member, boolean generated, String type, RawMembers.As as) {
        Column named(String other) {
            return new Column(name, other, generated, type, as);
        }

        String quoted() {
            return Identifiers.quote(name);
        }

        String taken() {
            String value = "given." + Identifiers.quote(member);
            return (as == RawMembers.As.TEXT ? value + "::" + type : value) + " AS " + quoted();
        }

        String defined() {
            return Identifiers.quote(member) + " " + (as == RawMembers.As.TEXT ? "text" : type);
        }
    }

    /** What the envelope says. */
    private record Head(long actionId, Action action, List<String> columns) {}

    /** The destination shows the given change of the key, or a later one. */
    ReplayForecast of(String key, String value, long shown) throws SQLException {
        Optional<Head> head;
        try {
            head = head(value);
        } catch (SQLException failure) {
            return judged(failure);
        }
        if (head.isEmpty()) {
            return new ReplayForecast(Verdict.REFUSED, "the record has no valid action_id and action");
        }
        if (shown >= head.get().actionId()) {
            return new ReplayForecast(
                    Verdict.SUPERSEDED,
                    "the letter is change " + head.get().actionId() + ", the destination shows change " + shown);
        }
        return rehearse(key, value.getBytes(StandardCharsets.UTF_8), head.get());
    }

    private Optional<Head> head(String value) throws SQLException {
        if (!isObject(value)) {
            return Optional.empty();
        }
        byte[] json = value.getBytes(StandardCharsets.UTF_8);
        long actionId = actionId(RawMembers.text(json, Envelope.ACTION_ID).orElse(""));
        Optional<Action> action = RawMembers.text(json, Envelope.ACTION)
                .filter(text -> text.startsWith("\""))
                .flatMap(text -> Action.named(text.substring(1, text.length() - 1)));
        if (action.isEmpty() || actionId <= 0) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        RawMembers.rewritten(json, name -> {
            names.add(name);
            return RawMembers.As.NOTHING;
        });
        names.removeAll(Envelope.FIELDS);
        return Optional.of(new Head(actionId, action.get(), names));
    }

    private boolean isObject(String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(IS_OBJECT)) {
            statement.setString(1, value);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static long actionId(String text) {
        try {
            return text.matches("[0-9]{1,19}") ? Long.parseLong(text) : 0;
        } catch (NumberFormatException tooLarge) {
            return 0;
        }
    }

    private ReplayForecast rehearse(String key, byte[] json, Head head) throws SQLException {
        Map<String, Column> known = columns();
        Column fence = known.remove(Identifiers.unquote(table.fence()));
        Map<String, String> columnOf = new LinkedHashMap<>();
        head.columns()
                .forEach(member ->
                        columnOf.put(member, ColumnNames.ofMember(member, head.columns(), known::containsKey)));
        columnOf.forEach((member, name) -> known.computeIfPresent(name, (same, column) -> column.named(member)));
        Optional<String> unknown = columnOf.values().stream()
                .filter(name -> !known.containsKey(name))
                .findFirst();
        if (unknown.isPresent()) {
            return new ReplayForecast(
                    Verdict.STOPS_THE_CONSUMER,
                    "the destination has no column \"" + unknown.get() + "\": add it first");
        }
        boolean deletes = head.action() == Action.DELETE;
        List<Column> taken = known.values().stream()
                .filter(column ->
                        deletes ? isKey(column) : !column.generated() && columnOf.containsValue(column.name()))
                .toList();
        Map<String, RawMembers.As> members = new HashMap<>();
        taken.forEach(column -> members.put(column.member(), column.as()));
        members.put(Envelope.ACTION_ID, RawMembers.As.ITSELF);
        byte[] sent = RawMembers.rewritten(json, name -> members.getOrDefault(name, RawMembers.As.NOTHING));
        if (fence == null) {
            return new ReplayForecast(
                    Verdict.STOPS_THE_CONSUMER, "the destination has no column action_id: run cdc_destination for it");
        }
        return undone(deletes ? delete(taken) : upsert(taken), sent, deletes ? key : null);
    }

    private boolean isKey(Column column) {
        return table.key().stream().anyMatch(part -> part.name().equals(column.quoted()));
    }

    /** With a key, the statement leaves a tombstone. */
    private ReplayForecast undone(String sql, byte[] json, @Nullable String key) throws SQLException {
        connection.setAutoCommit(false);
        // Undone as well.
        ReplicaRole.take(connection);
        try (PreparedStatement statement = connection.prepareStatement(sql);
                Statement constraints = connection.createStatement()) {
            statement.setBytes(1, json);
            if (key != null) {
                statement.setString(2, stream);
                statement.setString(3, TombstoneKey.of(new RowLookup(connection, table).oneForm(key)));
            }
            statement.executeUpdate();
            constraints.execute("SET CONSTRAINTS ALL IMMEDIATE");
            return new ReplayForecast(Verdict.TAKEN, "");
        } catch (SQLException failure) {
            return judged(failure);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static ReplayForecast judged(SQLException failure) throws SQLException {
        if (SqlFailures.mayBeRejection(failure)) {
            return new ReplayForecast(Verdict.REFUSED, SqlFailures.describe(failure));
        }
        // These say nothing about the record.
        if (SqlFailures.isBusy(failure) || SqlFailures.isCutShort(failure) || SqlFailures.isExhausted(failure)) {
            throw failure;
        }
        return new ReplayForecast(Verdict.STOPS_THE_CONSUMER, SqlFailures.describe(failure));
    }

    private String upsert(List<Column> columns) {
        String names = columns.stream().map(column -> column.quoted() + ", ").collect(Collectors.joining());
        return """
                INSERT INTO %1$s (%2$s%6$s) OVERRIDING SYSTEM VALUE
                SELECT %2$s%7$s FROM %3$s
                ON CONFLICT (%4$s) DO UPDATE SET %5$s%6$s = EXCLUDED.%6$s""".formatted(
                        table.name(),
                        names,
                        letter(columns),
                        table.keyNames(),
                        columns.stream()
                                .map(Column::quoted)
                                .filter(name -> !fixed.contains(name))
                                .map(name -> name + " = EXCLUDED." + name + ", ")
                                .collect(Collectors.joining()),
                        table.fence(),
                        ACTION_ID);
    }

    private String delete(List<Column> key) {
        return """
                WITH letter AS MATERIALIZED (SELECT * FROM %2$s),
                gone AS (DELETE FROM %1$s shown USING letter WHERE %3$s)
                INSERT INTO cdc_tombstone (stream, key, action_id) SELECT ?, ?, %4$s FROM letter
                ON CONFLICT (stream, key) DO UPDATE SET action_id = EXCLUDED.action_id""".formatted(
                table.name(),
                letter(key),
                table.key().stream()
                        .map(column -> "shown." + column.name() + " " + column.equal() + " letter." + column.name())
                        .collect(Collectors.joining(" AND ")),
                ACTION_ID);
    }

    /** The record as a row, and its action_id beside the columns. */
    private static String letter(List<Column> columns) {
        return "(SELECT "
                + columns.stream().map(column -> column.taken() + ", ").collect(Collectors.joining())
                + "given.\"action_id\" AS " + ACTION_ID
                + " FROM json_to_record(convert_from(?, 'UTF8')::json) AS given("
                + columns.stream().map(column -> column.defined() + ", ").collect(Collectors.joining())
                + "\"action_id\" bigint)) AS letter";
    }

    private Map<String, Column> columns() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table.name());
            Map<String, Column> columns = new LinkedHashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.put(
                            row.getString(1),
                            new Column(
                                    row.getString(1),
                                    ColumnNames.inRecord(row.getString(1)),
                                    row.getBoolean(2),
                                    row.getString(3),
                                    RawMembers.As.valueOf(row.getString(4))));
                    if (row.getBoolean(5)) {
                        fixed.add(Identifiers.quote(row.getString(1)));
                    }
                }
            }
            return columns;
        }
    }
}
