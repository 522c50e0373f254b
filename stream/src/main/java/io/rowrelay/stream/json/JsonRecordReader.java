package io.rowrelay.stream.json;

import io.rowrelay.stream.json.ParsedRecord.NotJsonException;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.Envelope;
import io.rowrelay.stream.record.RecordReader;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.TombstoneKey;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.record.ValidatedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads records of the topic's contract: one flat JSON object with envelope, key and, where given, a schema. */
public final class JsonRecordReader implements RecordReader {
    private static final int LONGEST_ACTION_ID = 19;
    /** Larger records are not held a second time, in bytes: a poll can have 5,000 of them. */
    private static final int LARGEST_IN_TEXTS = 2 << 10;

    private final Optional<RecordSchema> schema;
    private volatile MemberNames latest = MemberNames.NONE;

    /** Checks against the schema, if there is one. */
    public JsonRecordReader(Optional<RecordSchema> schema) {
        this.schema = schema;
    }

    @Override
    public ValidatedRecord read(TopicRecord record, List<String> keyColumns) {
        byte[] key = record.key();
        byte[] value = record.value();
        if (value == null) {
            return new Rejected(
                    record,
                    RejectionReason.ENVELOPE,
                    "the record has no value; a deletion is a change with action DELETE");
        }
        if (key == null && !keyColumns.isEmpty()) {
            return new Rejected(record, RejectionReason.KEY, "the record has no key");
        }
        try {
            ParsedRecord parsed = ParsedRecord.of(value, latest);
            latest = parsed.names();
            return read(record, value, parsed, key == null ? "" : ParsedRecord.requireUtf8(key), keyColumns);
        } catch (NotJsonException failure) {
            return new Rejected(record, RejectionReason.NOT_JSON, String.valueOf(failure.getMessage()));
        }
    }

    private ValidatedRecord read(
            TopicRecord record, byte[] value, ParsedRecord parsed, String keyOnRecord, List<String> keyColumns) {
        Optional<Long> actionId = actionId(parsed);
        if (actionId.isEmpty()) {
            return new Rejected(
                    record,
                    RejectionReason.ENVELOPE,
                    "action_id must be an integer from 1 to " + Envelope.LARGEST_ACTION_ID);
        }
        Optional<Action> action = action(parsed);
        if (action.isEmpty()) {
            return new Rejected(record, RejectionReason.ENVELOPE, "action must be one of INSERT, UPDATE, DELETE");
        }
        if (keyColumns.isEmpty() && action.get() == Action.UPDATE) {
            return new Rejected(
                    record, RejectionReason.ENVELOPE, "a change of a table without a key is an INSERT or a DELETE");
        }
        Optional<String> key =
                keyColumns.isEmpty() ? Optional.of(image(value)) : key(parsed, value, keyOnRecord, keyColumns);
        if (key.isEmpty()) {
            return new Rejected(record, RejectionReason.KEY, "the value lacks the primary key " + keyColumns);
        }
        if (!keyColumns.isEmpty() && !RecordKey.matches(keyOnRecord, key.get(), keyColumns)) {
            return new Rejected(
                    record, RejectionReason.KEY, "the record's key is not the primary key in its value " + keyColumns);
        }
        Optional<RecordSchema.Breach> breach = schema.flatMap(checked -> checked.breach(parsed, record));
        if (breach.isPresent()) {
            return new Rejected(
                    record,
                    RejectionReason.SCHEMA,
                    breach.get().detail(),
                    breach.get().rule());
        }
        if (!parsed.names().possible()) {
            return new Rejected(
                    record, RejectionReason.ENVELOPE, "the name of a column has 1 to 63 bytes in UTF-8, and no NUL");
        }
        return new ValidChange(
                record,
                actionId.get(),
                action.get(),
                key.get(),
                parsed.names().columns(),
                saysTheSameInTexts(parsed, value) ? texts(parsed) : null,
                parsed.text(parsed.names().changedAt()));
    }

    /** What stands for a row of a table without a key: the whole of it, as it is written. */
    private static String image(byte[] value) {
        byte[] row = RawMembers.rewritten(
                value, name -> Envelope.FIELDS.contains(name) ? RawMembers.As.NOTHING : RawMembers.As.ITSELF);
        return TombstoneKey.of(new String(row, StandardCharsets.UTF_8));
    }

    private static Optional<String> key(
            ParsedRecord parsed, byte[] value, String keyOnRecord, List<String> keyColumns) {
        String single = keyColumns.size() == 1 ? parsed.text(keyColumns.get(0)) : null;
        if (single != null && keyOnRecord.equals(single)) {
            return Optional.of(single);
        }
        Optional<String> quoted = RecordKey.quoted(keyOnRecord, value, keyColumns);
        return quoted.isPresent() ? quoted : RecordKey.of(parsed, value, keyColumns);
    }

    private static Optional<Long> actionId(ParsedRecord parsed) {
        int position = parsed.names().actionId();
        String text = parsed.text(position);
        if (text == null || parsed.isString(position) || text.length() > LONGEST_ACTION_ID || !Digits.only(text, 0)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text)).filter(id -> id > 0 && id <= Envelope.LARGEST_ACTION_ID);
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    private static Optional<Action> action(ParsedRecord parsed) {
        String text = parsed.text(parsed.names().action());
        return text == null ? Optional.empty() : Action.named(text);
    }

    /** PostgreSQL rejects what some escapes stand for, such as half a character; as a text it would arrive as something else. */
    private static boolean saysTheSameInTexts(ParsedRecord parsed, byte[] value) {
        if (!parsed.flat() || value.length > LARGEST_IN_TEXTS) {
            return false;
        }
        for (int i = 1; i < value.length; i++) {
            if (value[i] == 'u' && value[i - 1] == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Null stands for a value that is none. */
    private static List<@Nullable String> texts(ParsedRecord parsed) {
        int[] positions = parsed.names().columnPositions();
        @Nullable String[] texts = new String[positions.length];
        for (int column = 0; column < positions.length; column++) {
            texts[column] = parsed.text(positions[column]);
        }
        return Collections.unmodifiableList(Arrays.asList(texts));
    }
}
