package io.rowrelay.admin.dlq;

import io.rowrelay.common.settings.ValueTypes;
import io.rowrelay.stream.record.DeadLetterNames;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Which dead letters are selected.
 *
 * @param ids these, or any when empty
 * @param reason part of reason, stage, exception class or message, in lower case
 * @param key the key as text
 * @param since written then or later
 * @param until written before
 * @param done whether those count too about which something was done
 */
record DeadLetterFilter(
        SortedSet<DeadLetterId> ids,
        Optional<String> reason,
        Optional<String> key,
        Instant since,
        Instant until,
        boolean done) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Whether it selects all. */
    boolean isEmpty() {
        return ids.isEmpty()
                && reason.isEmpty()
                && key.isEmpty()
                && since.equals(Instant.EPOCH)
                && until.equals(Instant.MAX);
    }

    /** The same, but a dead letter that is named is selected whatever was done about it. */
    DeadLetterFilter withDoneIfNamed() {
        return new DeadLetterFilter(ids, reason, key, since, until, done || !ids.isEmpty());
    }

    /** Whether a dead letter is selected. */
    boolean matches(DeadLetterEntry entry) {
        DeadLetter letter = entry.letter();
        return (done || entry.isOpen())
                && (ids.isEmpty() || ids.contains(letter.id()))
                && !letter.time().isBefore(since)
                && letter.time().isBefore(until)
                && key.filter(wanted -> !wanted.equals(letter.keyText())).isEmpty()
                && reason.filter(part -> !mentions(letter, part)).isEmpty();
    }

    private static boolean mentions(DeadLetter letter, String part) {
        String all = String.join(
                "\n",
                letter.reason(),
                letter.message(),
                letter.header(DeadLetterNames.STAGE).orElse(""),
                letter.header(DeadLetterNames.EXCEPTION).orElse(""));
        return all.toLowerCase(Locale.ROOT).contains(part);
    }

    /** A time as it is typed, or how long ago. */
    static Optional<Instant> time(String text, Instant now) {
        Optional<Instant> ago =
                ValueTypes.duration(Duration.ZERO, LONGEST).parse(text).map(now::minus);
        if (ago.isPresent()) {
            return ago;
        }
        try {
            return Optional.of(
                    text.contains("T")
                            ? OffsetDateTime.parse(text).toInstant()
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }
}
