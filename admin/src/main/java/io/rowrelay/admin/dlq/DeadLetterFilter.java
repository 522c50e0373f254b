package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Arguments;
import io.rowrelay.common.settings.ValueTypes;
import io.rowrelay.stream.record.DeadLetterNames;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import picocli.CommandLine.Model.ArgSpec;

/**
 * Which letters are meant.
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
    private static final String REASON = "--reason";
    private static final String KEY = "--key";
    private static final String SINCE = "--since";
    private static final String UNTIL = "--until";
    private static final String ALL = "--all";
    private static final Duration LONGEST = Duration.ofDays(36_500);

    static List<ArgSpec> typed() {
        return List.of(
                Arguments.positionals(
                        "ID",
                        "DeadLetterList by their id, such as 0:17: partition and offset in the dead-letter topic."),
                Arguments.value(
                        REASON,
                        String.class,
                        "TEXT",
                        "Only those whose reason, stage, class or message contains the text."),
                Arguments.value(KEY, String.class, "KEY", "Only those of this key."),
                Arguments.value(
                        SINCE,
                        String.class,
                        "TIME",
                        "Only those since then: 2026-11-22T10:00:00Z, 2026-11-22, or 2h for ago."),
                Arguments.value(UNTIL, String.class, "TIME", "Only those before then."),
                Arguments.flag(
                        ALL,
                        "Those too that were replayed or discarded before; without anything that narrows, every letter."));
    }

    static DeadLetterFilter from(Arguments arguments, Instant now) {
        SortedSet<DeadLetterId> ids = new TreeSet<>();
        for (String text : arguments.positionals()) {
            ids.add(DeadLetterId.parse(text)
                    .orElseThrow(() ->
                            arguments.wrong(text + " is no id of a dead letter: PARTITION:OFFSET, such as 0:17")));
        }
        return new DeadLetterFilter(
                ids,
                arguments.<String>find(REASON).map(text -> text.toLowerCase(Locale.ROOT)),
                arguments.find(KEY),
                time(arguments, SINCE, now).orElse(Instant.EPOCH),
                time(arguments, UNTIL, now).orElse(Instant.MAX),
                arguments.has(ALL));
    }

    /** Whether nothing narrows it. */
    boolean isEmpty() {
        return ids.isEmpty()
                && reason.isEmpty()
                && key.isEmpty()
                && since.equals(Instant.EPOCH)
                && until.equals(Instant.MAX);
    }

    /** Whoever names a letter means it, whatever was done about it. */
    DeadLetterFilter withDoneIfNamed() {
        return new DeadLetterFilter(ids, reason, key, since, until, done || !ids.isEmpty());
    }

    /** Whether a letter is meant, of which the mark tells what was done. */
    boolean matches(DeadLetter letter, Handling mark) {
        return (done || mark.state() == Handling.State.OPEN)
                && (ids.isEmpty() || ids.contains(letter.id()))
                && !letter.time().isBefore(since)
                && letter.time().isBefore(until)
                && key.filter(wanted -> !wanted.equals(letter.keyText())).isEmpty()
                && reason.filter(part -> !speaks(letter, part)).isEmpty();
    }

    private static boolean speaks(DeadLetter letter, String part) {
        String all = String.join(
                "\n",
                letter.reason(),
                letter.message(),
                letter.header(DeadLetterNames.STAGE).orElse(""),
                letter.header(DeadLetterNames.EXCEPTION).orElse(""));
        return all.toLowerCase(Locale.ROOT).contains(part);
    }

    private static Optional<Instant> time(Arguments arguments, String option, Instant now) {
        return arguments
                .<String>find(option)
                .map(text -> parse(text, now)
                        .orElseThrow(() -> arguments.wrong(option + " is " + text
                                + ": a time like 2026-11-22T10:00:00Z or 2026-11-22, or how long ago, like 2h")));
    }

    static Optional<Instant> parse(String text, Instant now) {
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
