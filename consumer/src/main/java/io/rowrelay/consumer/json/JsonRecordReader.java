package io.rowrelay.consumer.json;

import io.rowrelay.common.event.Action;
import io.rowrelay.common.event.Envelope;
import io.rowrelay.consumer.apply.ChangeEvent;
import io.rowrelay.consumer.apply.RecordReader;
import io.rowrelay.consumer.apply.Rejected;
import io.rowrelay.consumer.apply.Rejected.Reason;
import io.rowrelay.consumer.apply.TopicRecord;
import io.rowrelay.consumer.apply.Verdict;
import io.rowrelay.consumer.json.ParsedRecord.NotJsonException;
import java.util.ArrayList;
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
    private volatile Names latest = new Names(List.of(), List.of());

    private record Names(List<String> all, List<String> columns) {}

    /** Checks against the schema, if there is one. */
    public JsonRecordReader(Optional<RecordSchema> schema) {
        this.schema = schema;
    }

    @Override
    public Verdict read(TopicRecord record, List<String> keyColumns) {
        byte[] key = record.key();
        byte[] value = record.value();
        if (value == null) {
            return new Rejected(
                    record, Reason.ENVELOPE, "the record has no value; a deletion is a change with action DELETE");
        }
        if (key == null) {
            return new Rejected(record, Reason.KEY, "the record has no key");
        }
        try {
            return read(record, value, ParsedRecord.of(value), ParsedRecord.requireUtf8(key), keyColumns);
        } catch (NotJsonException failure) {
            return new Rejected(record, Reason.NOT_JSON, String.valueOf(failure.getMessage()));
        }
    }

    private Verdict read(
            TopicRecord record, byte[] value, ParsedRecord parsed, String keyOnRecord, List<String> keyColumns) {
        Optional<Long> actionId = actionId(parsed);
        if (actionId.isEmpty()) {
            return new Rejected(record, Reason.ENVELOPE, "action_id must be a positive integer of at most 64 bits");
        }
        Optional<Action> action = action(parsed);
        if (action.isEmpty()) {
            return new Rejected(record, Reason.ENVELOPE, "action must be one of INSERT, UPDATE, DELETE");
        }
        Optional<String> key = RecordKey.of(parsed, keyColumns);
        if (key.isEmpty()) {
            return new Rejected(record, Reason.KEY, "the value lacks the primary key " + keyColumns);
        }
        if (!RecordKey.matches(keyOnRecord, key.get(), keyColumns)) {
            return new Rejected(
                    record, Reason.KEY, "the record's key is not the primary key in its value " + keyColumns);
        }
        Optional<RecordSchema.Breach> breach = schema.flatMap(checked -> checked.breach(parsed, record));
        if (breach.isPresent()) {
            return new Rejected(
                    record, Reason.SCHEMA, breach.get().detail(), breach.get().rule());
        }
        List<String> columns = columns(parsed.names());
        return new ChangeEvent(
                record,
                actionId.get(),
                action.get(),
                key.get(),
                columns,
                saysTheSameInTexts(parsed, value) ? texts(columns, parsed) : null,
                parsed.scalars().get(Envelope.CHANGED_AT));
    }

    private static Optional<Long> actionId(ParsedRecord parsed) {
        String text = parsed.scalars().get(Envelope.ACTION_ID);
        boolean digits = text != null
                && !parsed.strings().contains(Envelope.ACTION_ID)
                && text.length() <= LONGEST_ACTION_ID
                && text.chars().allMatch(character -> character >= '0' && character <= '9');
        if (!digits) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text)).filter(id -> id > 0);
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    private static Optional<Action> action(ParsedRecord parsed) {
        String text = parsed.scalars().get(Envelope.ACTION);
        return text == null ? Optional.empty() : Action.named(text);
    }

    /** Nearly all records of a stream have the same names: theirs are made out once. */
    private List<String> columns(List<String> names) {
        Names known = latest;
        if (!known.all().equals(names)) {
            known = new Names(
                    names,
                    names.stream()
                            .filter(name -> !Envelope.FIELDS.contains(name))
                            .toList());
            latest = known;
        }
        return known.columns();
    }

    /** PostgreSQL refuses what some escapes stand for, such as half a character; as a text it would arrive as something else. */
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

    /** Null marks a value that is none. */
    private static List<@Nullable String> texts(List<String> columns, ParsedRecord parsed) {
        List<@Nullable String> texts = new ArrayList<>(columns.size());
        for (String column : columns) {
            texts.add(parsed.scalars().get(column));
        }
        return Collections.unmodifiableList(texts);
    }
}
