package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.dlq.Judgement;
import io.rowrelay.admin.dlq.Judgement.Verdict;
import io.rowrelay.common.event.Action;
import io.rowrelay.common.event.Envelope;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.SqlFailures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Does with a record what the consumer would do, in a transaction that is rolled back: its row is locked for that moment,
 * and a trigger of the table runs. Each record is tried by itself.
 */
final class Rehearsal {
    private static final String HEAD = """
            SELECT j ->> 'action_id', j ->> 'action', ARRAY(SELECT json_object_keys(j)) FROM (SELECT ?::json AS j) letter""";
    private static final String COLUMNS = """
            SELECT a.attname, a.attgenerated <> '' FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped""";
    /** Serialization failure, deadlock, lock not available, statement time-out: says nothing about the record. */
    private static final Set<String> BUSY = Set.of("40001", "40P01", "55P03", "57014");

    private final Connection connection;
    private final KeyedTable table;

    Rehearsal(Connection connection, KeyedTable table) {
        this.connection = connection;
        this.table = table;
    }

    /** What the envelope says. */
    private record Head(long actionId, Action action, List<String> columns) {}

    /** The destination shows the given change of the key, or a later one. */
    Judgement of(String value, long shown) throws SQLException {
        Optional<Head> head;
        try {
            head = head(value);
        } catch (SQLException failure) {
            return judged(failure);
        }
        if (head.isEmpty()) {
            return new Judgement(Verdict.REFUSED, "the record has no valid action_id and action");
        }
        if (shown >= head.get().actionId()) {
            return new Judgement(
                    Verdict.SUPERSEDED,
                    "the letter is change " + head.get().actionId() + ", the destination shows change " + shown);
        }
        return rehearse(value, head.get());
    }

    private Optional<Head> head(String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEAD)) {
            statement.setString(1, value);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Optional<Action> action = Optional.ofNullable(row.getString(2)).flatMap(Action::named);
                long actionId = actionId(row.getString(1));
                if (action.isEmpty() || actionId <= 0) {
                    return Optional.empty();
                }
                List<String> names = Arrays.stream((Object[]) row.getArray(3).getArray())
                        .map(String::valueOf)
                        .filter(name -> !Envelope.FIELDS.contains(name))
                        .toList();
                return Optional.of(new Head(actionId, action.get(), names));
            }
        }
    }

    private static long actionId(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private Judgement rehearse(String value, Head head) throws SQLException {
        Map<String, Boolean> known = columns();
        Optional<String> unknown =
                head.columns().stream().filter(name -> !known.containsKey(name)).findFirst();
        if (unknown.isPresent()) {
            return new Judgement(
                    Verdict.STOPS_THE_CONSUMER,
                    "the destination has no column \"" + unknown.get() + "\": add it first");
        }
        List<String> written = new ArrayList<>(head.columns().stream()
                .filter(name -> !known.getOrDefault(name, false))
                .map(Identifiers::quote)
                .toList());
        written.add(Identifiers.quote(Envelope.ACTION_ID));
        return undone(head.action() == Action.DELETE ? delete() : upsert(written), value);
    }

    private Judgement undone(String sql, String value) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(sql);
                Statement constraints = connection.createStatement()) {
            statement.setString(1, value);
            statement.executeUpdate();
            constraints.execute("SET CONSTRAINTS ALL IMMEDIATE");
            return new Judgement(Verdict.TAKEN, "");
        } catch (SQLException failure) {
            return judged(failure);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static Judgement judged(SQLException failure) throws SQLException {
        if (SqlFailures.mayBeRefusal(failure)) {
            return new Judgement(Verdict.REFUSED, SqlFailures.describe(failure));
        }
        String state = String.valueOf(SqlFailures.sqlState(failure));
        if (BUSY.contains(state) || state.startsWith("08") || state.startsWith("57") || state.startsWith("53")) {
            throw failure;
        }
        return new Judgement(Verdict.STOPS_THE_CONSUMER, SqlFailures.describe(failure));
    }

    private String upsert(List<String> columns) {
        String names = String.join(", ", columns);
        return """
                INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE
                SELECT %2$s FROM json_populate_record(NULL::%1$s, ?::json) AS letter
                ON CONFLICT (%3$s) DO UPDATE SET %4$s""".formatted(
                table.name(),
                names,
                table.keyNames(),
                columns.stream().map(name -> name + " = EXCLUDED." + name).collect(Collectors.joining(", ")));
    }

    private String delete() {
        return "DELETE FROM " + table.name() + " shown USING json_populate_record(NULL::" + table.name()
                + ", ?::json) AS letter WHERE "
                + table.key().stream()
                        .map(column -> "shown." + column.name() + " " + column.equal() + " letter." + column.name())
                        .collect(Collectors.joining(" AND "));
    }

    private Map<String, Boolean> columns() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table.name());
            Map<String, Boolean> generated = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    generated.put(row.getString(1), row.getBoolean(2));
                }
            }
            return generated;
        }
    }
}
