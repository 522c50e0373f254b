package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.jdbc.JsonPrinter.Field;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.record.Envelope;
import io.rowrelay.stream.table.CapturedColumn;
import io.rowrelay.stream.table.CapturedColumn.Form;
import io.rowrelay.stream.table.CapturedColumn.Text;
import io.rowrelay.stream.table.ChangeTable;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes that come as the text of each column and are printed here. row_to_json would look up the type of every column for
 * every row: about half of what a narrow row costs the server. For scalar types, and for rows that are not wide.
 */
public final class TextRows implements ChangeRows {
    private static final int CHANGED_AT_MICROS = 4;
    private static final int NARROW = 5;
    /** After it come the fields of the record, without the first, the action_id, which is among the columns before. */
    private static final int BEFORE_FIELDS = NARROW;
    /**
     * A statement may return this many rows unmeasured. With values up to 8 KB, which the driver holds in memory all at once,
     * that is 16 MB.
     */
    private static final int MOST_UNMEASURED = 2_000;

    private static final List<Field> ENVELOPE = List.of(
            new Field(Envelope.ACTION_ID, JsonPrinter.Form.BARE),
            new Field(Envelope.ACTION, JsonPrinter.Form.STRING),
            new Field(Envelope.CHANGED_AT, JsonPrinter.Form.STRING));
    private static final int CHANGED_AT = 2;

    private final CapturedTable captured;
    private final ChangeTable table;
    private final int largest;
    private final JsonPrinter printer;
    /** The position of the key: that of a field, or the one after the last. */
    private final int keyField;
    /** The column of the transaction, 0 where it is not asked for. */
    private final int xidColumn;

    /** A value has at most {@code largest} bytes. */
    private TextRows(CapturedTable captured, ChangeTable table, int largest, boolean transactions) {
        this.captured = captured;
        this.table = table;
        this.largest = largest;
        List<Field> fields = new ArrayList<>(ENVELOPE);
        table.columns().forEach(column -> fields.add(new Field(column.field(), form(column))));
        this.printer = new JsonPrinter(fields);
        boolean isField = table.key().size() == 1 && form(table.key().get(0)) != JsonPrinter.Form.PRINTED;
        this.keyField =
                isField ? ENVELOPE.size() + table.columns().indexOf(table.key().get(0)) : fields.size();
        this.xidColumn = transactions ? BEFORE_FIELDS + fields.size() + (isField ? 0 : 1) : 0;
    }

    /** Empty where a column is not for this form. */
    public static Optional<ChangeRows> of(CapturedTable captured, ChangeTable table, int largest) {
        return of(captured, table, largest, false);
    }

    /** With the transaction of each change where that is asked for. */
    static Optional<ChangeRows> of(CapturedTable captured, ChangeTable table, int largest, boolean transactions) {
        return table.columns().stream().allMatch(TextRows::isScalar)
                ? Optional.of(new TextRows(captured, table, largest, transactions))
                : Optional.empty();
    }

    private static boolean isScalar(CapturedColumn column) {
        return column.form() == Form.TEXT
                || (column.form() == Form.JSON
                        && (column.small() || column.text() == Text.BARE || column.text() == Text.STRING));
    }

    private static JsonPrinter.Form form(CapturedColumn column) {
        if (column.form() == Form.TEXT) {
            return JsonPrinter.Form.STRING;
        }
        return switch (column.text()) {
            case BARE -> JsonPrinter.Form.BARE;
            case STRING -> JsonPrinter.Form.STRING;
            case JSON, OTHER -> JsonPrinter.Form.PRINTED;
        };
    }

    /** The names inside are numbers: a column can have any name. */
    @Override
    public String selected(String found, String largest) {
        StringBuilder taken = new StringBuilder();
        StringBuilder given = new StringBuilder();
        StringBuilder size = new StringBuilder("0::bigint");
        for (int i = 0; i < table.columns().size(); i++) {
            CapturedColumn column = table.columns().get(i);
            String text = form(column) == JsonPrinter.Form.PRINTED
                    ? "to_json(" + column.of("r") + ")::text"
                    : column.type().text(column.of("r"));
            if (column.small()) {
                given.append(", f.column").append(i);
            } else {
                size.append(" + coalesce(octet_length(").append(text).append("), 0)");
                given.append(", CASE WHEN f.narrow THEN f.column").append(i).append(" END");
            }
            taken.append(", ").append(text).append(" AS column").append(i);
        }
        if (keyField == printer.fields()) {
            taken.append(", ").append(ChangeKey.text(table.key(), "r")).append(" AS change_key");
            given.append(", CASE WHEN f.narrow THEN f.change_key END");
        }
        if (xidColumn > 0) {
            taken.append(", r.xid::text AS change_xid");
            given.append(", f.change_xid");
        }
        return """
                       f.action_id, f.changed_at_micros, f.narrow, f.action, f.changed_at%1$s
                FROM (SELECT r.action_id, r.action, r.changed_at::text AS changed_at,
                             (date_part('epoch', r.changed_at) * 1000000)::bigint AS changed_at_micros, %2$s <= %5$s AS narrow%3$s
                      FROM (VALUES (1)) one LEFT JOIN %4$s r ON true OFFSET 0) f""".formatted(given, size, taken, found, largest);
    }

    @Override
    public int mostUnmeasured() {
        return MOST_UNMEASURED;
    }

    @Override
    public Optional<Change> change(ResultSet row, long actionId) throws SQLException {
        if (!row.getBoolean(NARROW)) {
            return Optional.empty();
        }
        byte[] @Nullable [] texts = new byte[printer.fields()][];
        texts[0] = Long.toString(actionId).getBytes(StandardCharsets.US_ASCII);
        for (int i = 1; i < texts.length; i++) {
            texts[i] = row.getBytes(BEFORE_FIELDS + i);
        }
        texts[CHANGED_AT] = JsonTimestamp.of(texts[CHANGED_AT]);
        byte[] value = printer.print(texts);
        if (value.length > largest) {
            return Optional.empty();
        }
        byte[] key = keyField < texts.length ? texts[keyField] : row.getBytes(BEFORE_FIELDS + keyField);
        Change change = new Change(captured, actionId, key, value, value.length, row.getLong(CHANGED_AT_MICROS));
        return Optional.of(xidColumn > 0 ? change.by(row.getLong(xidColumn)) : change);
    }
}
