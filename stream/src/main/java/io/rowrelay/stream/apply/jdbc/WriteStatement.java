package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.stream.apply.jdbc.ApplyStatements.Form;
import io.rowrelay.stream.json.RawMembers;
import io.rowrelay.stream.record.Envelope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The statement that writes changes of the same columns, in all its forms.
 *
 * @param columns whose values it takes
 * @param json takes a JSON array
 * @param rawJson the same, where the values of type json must stay as they are written
 * @param arrays takes an array a column, which the server reads several times as fast; only where all columns are of plain
 *     types
 * @param fenced whether keys, action_ids and the stream come with the values
 * @param looksFirst whether {@code arrays} asks which tombstones may concern it
 * @param keepsJsonTexts whether any escape in a record matters
 */
public record WriteStatement(
        List<AppliedColumn> columns,
        Json json,
        Json rawJson,
        Optional<String> arrays,
        boolean fenced,
        boolean looksFirst,
        boolean keepsJsonTexts) {
    /**
     * A statement that takes a JSON array.
     *
     * @param sql as the driver takes it
     * @param numbered the same for a function of the server
     */
    record Json(String sql, String numbered) {}

    static WriteStatement upsert(AppliedTable table, List<AppliedColumn> columns) {
        return of(
                table,
                columns,
                statements -> statements.upsert(columns),
                table.fence().isPresent());
    }

    static WriteStatement delete(AppliedTable table) {
        return of(table, table.keyColumns(), ApplyStatements::delete, false);
    }

    static WriteStatement park(AppliedTable table, List<String> columns) {
        return of(table, table.keyColumns(), statements -> statements.park(table.keyColumns(), columns), false);
    }

    static WriteStatement deleteWhere(AppliedTable table, String condition) {
        return of(table, table.keyColumns(), statements -> statements.deleteWhere(condition), false);
    }

    static WriteStatement deleteEqualRows(AppliedTable table, List<AppliedColumn> columns) {
        return of(table, columns, statements -> statements.deleteEqualRows(columns), false);
    }

    private static WriteStatement of(
            AppliedTable table,
            List<AppliedColumn> columns,
            Function<ApplyStatements, String> statement,
            boolean looksFirst) {
        boolean plain = columns.stream().allMatch(column -> column.plainType().isPresent());
        return new WriteStatement(
                columns,
                new Json(
                        statement.apply(new ApplyStatements(table, Form.JSON)),
                        statement.apply(new ApplyStatements(table, Form.NUMBERED_JSON))),
                new Json(
                        statement.apply(new ApplyStatements(table, Form.RAW_JSON)),
                        statement.apply(new ApplyStatements(table, Form.NUMBERED_RAW_JSON))),
                plain ? Optional.of(statement.apply(new ApplyStatements(table, Form.ARRAYS))) : Optional.empty(),
                table.fence().isPresent(),
                looksFirst,
                table.keepsJsonTexts());
    }

    /** Whether the record must be rewritten before it is sent: it has escapes that the server would read or reject. */
    boolean needsRaw(byte[] record) {
        for (int i = 1; i < record.length; i++) {
            if (record[i - 1] == '\\' && (keepsJsonTexts || record[i] == 'u')) {
                return true;
            }
        }
        return false;
    }

    /** The record with the values that the statement takes, each as its column wants it. */
    byte[] rewritten(byte[] record) {
        Map<String, RawMembers.As> members = new HashMap<>();
        members.put(Envelope.ACTION_ID, RawMembers.As.ITSELF);
        columns.forEach(column -> members.put(column.member(), column.rewritten()));
        return RawMembers.rewritten(record, name -> members.getOrDefault(name, RawMembers.As.NOTHING));
    }
}
