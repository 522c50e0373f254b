package io.rowrelay.admin.dlq;

import io.rowrelay.common.text.PrintableText;
import io.rowrelay.stream.record.DeadLetterNames;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record of the dead-letter topic. The arrays are handed through and never written to; a record for its named parts,
 * not for its equality.
 *
 * @param id where it lies
 * @param time when it was written there
 * @param key the rejected record's key, or null
 * @param value its value, or null
 * @param headers why it was rejected, where it was, and the headers of the record
 */
@SuppressWarnings("ArrayRecordComponent")
record DeadLetter(DeadLetterId id, Instant time, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    /** The reason of dead letters that name none: the first word of their message, and the SQLSTATE. */
    private static final Pattern FIRST_WORD = Pattern.compile("([A-Z][A-Z_]+): ");

    private static final Pattern SQL_STATE = Pattern.compile("\\(SQLSTATE ([0-9A-Z]{5})\\)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final int MOST_REPLAYS_DIGITS = 9;
    /** What a header takes beside its bytes; on the topic an empty one has two. */
    private static final int HEADER_BYTES = 128;

    // Spelt out: from a compact constructor the compiler drops what is nullable.
    public DeadLetter(
            DeadLetterId id, Instant time, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        this.id = id;
        this.time = time;
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /**
     * A header.
     *
     * @param name its name
     * @param value its bytes, or null
     */
    record Header(String name, byte @Nullable [] value) {}

    /**
     * Where the rejected record lies; a reference to a change that never was on a topic has neither partition nor offset.
     *
     * @param topic the topic
     * @param partition of the topic, or -1
     * @param offset in the partition, or -1
     */
    record Origin(String topic, int partition, long offset) {
        @Override
        public String toString() {
            return offset < 0 ? topic : topic + "-" + partition + "@" + offset;
        }
    }

    /** The text of the last header of that name; empty when there is none. */
    public Optional<String> header(String name) {
        Optional<String> last = Optional.empty();
        for (Header header : headers) {
            if (header.name().equals(name)) {
                last = Texts.utf8(header.value());
            }
        }
        return last;
    }

    String keyText() {
        return Texts.shown(key);
    }

    /** Why, in a few words without a value of the row. */
    String reason() {
        return PrintableText.line(header(DeadLetterNames.REASON).orElseGet(this::guessedReason));
    }

    private String guessedReason() {
        Matcher word = FIRST_WORD.matcher(message());
        if (!word.lookingAt()) {
            String type = header(DeadLetterNames.EXCEPTION).orElse("unknown");
            return type.substring(type.lastIndexOf('.') + 1);
        }
        Matcher state = SQL_STATE.matcher(message());
        return state.find() ? word.group(1) + " (SQLSTATE " + state.group(1) + ")" : word.group(1);
    }

    /** The first word of the reason. */
    String reasonWord() {
        return reason().split(" ", 2)[0];
    }

    /** What was wrong; it may quote values of the row. */
    String message() {
        return header(DeadLetterNames.MESSAGE).orElse("");
    }

    /** How often the record had been replayed when it became this dead letter. */
    public int replays() {
        return header(DeadLetterNames.REPLAYS)
                .filter(text -> text.length() <= MOST_REPLAYS_DIGITS
                        && NUMBER.matcher(text).matches())
                .map(Integer::parseInt)
                .orElse(0);
    }

    Origin origin() {
        return new Origin(
                header(DeadLetterNames.TOPIC).orElse(""),
                (int) Math.min(Integer.MAX_VALUE, number(DeadLetterNames.PARTITION)),
                number(DeadLetterNames.OFFSET));
    }

    /** Whether it comes from the stream of that topic; one that names no topic counts as one that does. */
    boolean isOf(String topic) {
        String from = origin().topic();
        return from.isEmpty() || from.equals(topic);
    }

    private long number(String header) {
        return header(header)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(Long::parseLong)
                .orElse(-1L);
    }

    /** The same without the value, where that would only fill the memory. */
    DeadLetter withoutValue() {
        return new DeadLetter(id, time, key, null, headers);
    }

    /** What it holds in memory, about. */
    long bytes() {
        long bytes = 500L + (value == null ? 0 : value.length) + (key == null ? 0 : key.length);
        for (Header header : headers) {
            byte[] content = header.value();
            bytes += HEADER_BYTES + header.name().length() + (content == null ? 0 : content.length);
        }
        return bytes;
    }
}
