package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.Verb;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;

/** The commands about dead letters, as they are typed. */
public final class DlqVerbs {
    /** What all of them are for. */
    public static final String DUTY =
            "Dead letters: the records that the consumer refused, and references to changes too large for the topic.";

    private static final String JSON = "--json";
    private static final String LIMIT = "--limit";
    private static final String DRY_RUN = "--dry-run";
    private static final String FORCE = "--force";
    private static final String YES = "--yes";
    private static final String PURGE = "--purge";
    private static final String LOST = "--lost";
    private static final String TO = "--to";
    private static final int LISTED = 50;

    private final SettingsTable table;
    private final Opening opening;

    /** The commands read the settings of the table, and get what they work on from {@code opening}. */
    public DlqVerbs(SettingsTable table, Opening opening) {
        this.table = table;
        this.opening = opening;
    }

    /** Opens what the commands work on, for as long as one of them runs. */
    @FunctionalInterface
    public interface Opening {
        Outcome with(Settings settings, Work work) throws OutageException, InterruptedException;
    }

    /** A command's work. */
    @FunctionalInterface
    public interface Work {
        Outcome run(DlqParts parts) throws OutageException, InterruptedException;
    }

    /** All of them. */
    public List<Verb> all() {
        return List.of(list(), show(), replay(), discard(), export());
    }

    private Verb list() {
        return verb(
                "dlq list",
                "Lists the open dead letters, the oldest first, and counts them by reason. Shows no values. Exit code 4"
                        + " when there are any.",
                List.of(limit("List at most so many (default: 50)."), json("Print one JSON object.")),
                (parts, arguments, console) -> new ListLetters(parts.letters(), parts.deadLetterTopic(), console)
                        .run(filter(arguments), limit(arguments, LISTED), arguments.has(JSON)));
    }

    private Verb show() {
        return verb(
                "dlq show",
                "Shows dead letters beside the row that each is about, as that is now in destination and source.",
                List.of(json("Print a JSON object for each.")),
                (parts, arguments, console) -> {
                    DeadLetterFilter filter = filter(arguments);
                    if (filter.isEmpty()) {
                        throw arguments.wrong("say which: an id such as 0:17, --key, --reason, --since or --until");
                    }
                    return new ShowLetter(parts.letters(), parts.rows(), parts.judge(), console)
                            .run(filter.withDoneIfNamed(), arguments.has(JSON));
                });
    }

    private Verb replay() {
        return verb(
                "dlq replay",
                "Sends dead letters to the stream's topic again, those of a key in their order. Each is tried in the"
                        + " destination before, and undone: what would be refused again is told and not sent. Exit code 4"
                        + " when some were not sent.",
                List.of(
                        limit("Send at most so many (default: all)."),
                        Arguments.flag(DRY_RUN, "Do all but sending: say what would be done."),
                        Arguments.flag(FORCE, "Send those too that would be refused again or have no effect any more."),
                        json("Print one JSON object.")),
                (parts, arguments, console) -> new ReplayLetters(
                                parts.letters(), parts.topic(), parts.marks(), parts.judge(), console)
                        .run(
                                filter(arguments),
                                limit(arguments, Integer.MAX_VALUE),
                                new ReplayLetters.Manner(
                                        arguments.has(DRY_RUN), arguments.has(FORCE), arguments.has(JSON))));
    }

    private Verb discard() {
        return verb(
                "dlq discard",
                "Notes that nothing is to be done about dead letters, so that they are not listed any more. The topic"
                        + " keeps them.",
                List.of(
                        Arguments.flag(DRY_RUN, "Look only: say what would be done."),
                        Arguments.flag(YES, "Ask nobody."),
                        Arguments.flag(
                                PURGE,
                                "Then remove from the topic what was replayed or discarded, as far as it lies before the"
                                        + " first open letter of its partition."),
                        Arguments.flag(
                                LOST,
                                "Count no more the letters that the topic dropped before anything was done about them.")),
                (parts, arguments, console) -> {
                    DeadLetterFilter filter = filter(arguments);
                    if (filter.isEmpty() && !filter.done() && !arguments.has(PURGE) && !arguments.has(LOST)) {
                        throw arguments.wrong("say which: ids such as 0:17, --key, --reason, --since or --until; --all"
                                + " for every one");
                    }
                    if (arguments.has(LOST) && !arguments.has(DRY_RUN)) {
                        parts.marks().forgetLost(parts.topic().begins());
                        console.say("lost letters are not counted any more");
                    }
                    return new DiscardLetters(
                                    parts.streamTopic(), parts.letters(), parts.topic(), parts.marks(), console)
                            .run(
                                    filter,
                                    new DiscardLetters.Manner(
                                            arguments.has(DRY_RUN), arguments.has(YES), arguments.has(PURGE)));
                });
    }

    private Verb export() {
        return verb(
                "dlq export",
                "Writes dead letters as lines of JSON: headers, key and value; bytes that are no UTF-8 as base64.",
                List.of(
                        Arguments.value(TO, String.class, "FILE", "Where to; - is standard output (default: -)."),
                        limit("Write at most so many (default: all).")),
                (parts, arguments, console) -> new ExportLetters(parts.letters(), console)
                        .run(
                                filter(arguments),
                                limit(arguments, Integer.MAX_VALUE),
                                arguments.<String>find(TO).orElse("-")));
    }

    /** What one of them does with what was typed. */
    @FunctionalInterface
    private interface Typed {
        Outcome run(DlqParts parts, Arguments arguments, Console console) throws OutageException, InterruptedException;
    }

    private Verb verb(String name, String duty, List<ArgSpec> own, Typed typed) {
        List<ArgSpec> options = new ArrayList<>(DeadLetterFilter.typed());
        options.addAll(own);
        return new Verb(
                name,
                duty,
                table,
                options,
                (settings, arguments, console) ->
                        opening.with(settings, parts -> typed.run(parts, arguments, console)));
    }

    private static DeadLetterFilter filter(Arguments arguments) {
        return DeadLetterFilter.from(arguments, Instant.now());
    }

    private static ArgSpec json(String description) {
        return Arguments.flag(JSON, description);
    }

    private static ArgSpec limit(String description) {
        return Arguments.value(LIMIT, Integer.class, "N", description);
    }

    private static int limit(Arguments arguments, int otherwise) {
        return arguments.wholeNumber(LIMIT, otherwise, Integer.MAX_VALUE);
    }
}
