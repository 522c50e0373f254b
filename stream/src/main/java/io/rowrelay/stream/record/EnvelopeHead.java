package io.rowrelay.stream.record;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bookkeeping fields at the front of a published value, read from its first bytes alone: the producer always prints
 * them so, and nothing needs to know the row behind them.
 *
 * @param actionId identifies the change
 * @param changedAtMicros when the trigger wrote it, in microseconds since 1970
 */
public record EnvelopeHead(long actionId, long changedAtMicros) {
    /** What the head takes at most. */
    public static final int LONGEST_BYTES = 160;

    private static final Pattern HEAD =
            Pattern.compile("\\{\"action_id\":([0-9]{1,19}),\"action\":\"(?:INSERT|UPDATE|DELETE)\","
                    + "\"changed_at\":\"([0-9T:.+-]{1,40})\",");

    /** Reads the front of a value; empty when a producer did not print it. */
    public static Optional<EnvelopeHead> parse(byte[] front) {
        Matcher head = HEAD.matcher(new String(front, StandardCharsets.ISO_8859_1));
        if (!head.lookingAt()) {
            return Optional.empty();
        }
        try {
            long actionId = Long.parseLong(head.group(1));
            if (actionId < 1 || actionId > Envelope.LARGEST_ACTION_ID) {
                return Optional.empty();
            }
            Instant changedAt = OffsetDateTime.parse(head.group(2)).toInstant();
            return Optional.of(new EnvelopeHead(actionId, ChronoUnit.MICROS.between(Instant.EPOCH, changedAt)));
        } catch (DateTimeException | ArithmeticException | NumberFormatException notOurs) {
            return Optional.empty();
        }
    }
}
