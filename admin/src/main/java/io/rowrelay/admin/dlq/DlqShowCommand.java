package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.RelatedRows.Present;
import io.rowrelay.common.json.JsonText;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.text.PrintableText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlq show}: a dead letter beside the row that it is about, as that is now in source and destination. */
@Command(
        name = "dlq show",
        description = "Shows dead letters beside the row that each is about, as it is now in destination and source.")
public final class DlqShowCommand extends DlqCommand {
    private static final int LONGEST_VALUE = 4_000;
    private static final int LONGEST_CELL = 40;
    private static final String ABSENT = "-";

    @Option(names = "--json", description = "Print a JSON object for each.")
    private boolean json;

    @Override
    void check(DeadLetterFilter filter) {
        if (filter.isEmpty()) {
            throw wrong("say which: an id such as 0:17, --key, --reason, --since or --until");
        }
    }

    @Override
    Outcome run(DlqSession session, DeadLetterFilter filter, Console console)
            throws OutageException, InterruptedException {
        List<DeadLetterEntry> chosen = session.deadLetters().whole(filter.withDoneIfNamed());
        Forecasts check = session.check(chosen);
        for (DeadLetterEntry entry : chosen) {
            ReplayForecast forecast = check.of(entry.letter());
            if (json) {
                console.say(document(session, entry, forecast));
            } else {
                facts(entry, forecast).print().forEach(console::say);
                console.say("");
                console.say("headers");
                headers(entry.letter()).print().forEach(console::say);
                console.say("");
                value(session, entry.letter(), console);
                console.say("");
            }
        }
        return Outcome.DONE;
    }

    private static TextTable facts(DeadLetterEntry entry, ReplayForecast forecast) {
        DeadLetter letter = entry.letter();
        TextTable facts = new TextTable();
        facts.line("dead letter", letter.id().toString());
        facts.line("written", letter.time().toString());
        facts.line("state", entry.handling().state().word() + ", replays: " + entry.replays());
        facts.line("key", letter.keyText());
        facts.line("reason", letter.reason());
        facts.line("from", letter.origin().toString());
        facts.line("if sent again", forecast.text());
        return facts;
    }

    private static TextTable headers(DeadLetter letter) {
        TextTable headers = new TextTable();
        letter.headers()
                .forEach(header -> headers.line("  " + PrintableText.line(header.name()), Texts.shown(header.value())));
        return headers;
    }

    private static void value(DlqSession session, DeadLetter letter, Console console) throws OutageException {
        Present there = inDestination(session, letter);
        Present here = inSource(session, letter);
        Optional<String> text = Texts.utf8(letter.value());
        Optional<Map<String, @Nullable String>> columns =
                text.isEmpty() ? Optional.empty() : session.columns(text.get());
        if (columns.isEmpty()) {
            console.say("value (no JSON object): " + Texts.shortened(Texts.shown(letter.value()), LONGEST_VALUE));
        }
        Map<String, @Nullable String> value = columns.orElse(Map.of());
        Map<String, @Nullable String> destination = columnsOf(session, there);
        Map<String, @Nullable String> source = columnsOf(session, here);
        TextTable table = new TextTable();
        table.line("column", "dead letter", "destination now", "source now");
        Set<String> names = new LinkedHashSet<>(value.keySet());
        names.addAll(destination.keySet());
        names.addAll(source.keySet());
        for (String name : names) {
            table.line(PrintableText.line(name), cell(value, name), cell(destination, name), cell(source, name));
        }
        table.print().forEach(console::say);
        note("destination", there).ifPresent(console::say);
        note("source", here).ifPresent(console::say);
    }

    private static Optional<String> note(String side, Present present) {
        if (present.json().isPresent()) {
            return Optional.empty();
        }
        String tombstone = present.actionId() > 0 ? ", deleted by change " + present.actionId() : "";
        return Optional.of(side + ": " + (present.note().isEmpty() ? "no such row" + tombstone : present.note()));
    }

    private static Present inDestination(DlqSession session, DeadLetter letter) throws OutageException {
        Optional<RelatedRows> rows = session.rows(letter);
        Optional<String> key = Texts.utf8(letter.key());
        return rows.isEmpty() || key.isEmpty() ? withoutKey() : rows.get().inDestination(key.get());
    }

    private static Present inSource(DlqSession session, DeadLetter letter) {
        return session.rows(letter)
                .flatMap(rows -> Texts.utf8(letter.key()).map(rows::inSource))
                .orElseGet(DlqShowCommand::withoutKey);
    }

    private static Present withoutKey() {
        return Present.unknown("the dead letter has no key to look for");
    }

    private static Map<String, @Nullable String> columnsOf(DlqSession session, Present present) throws OutageException {
        return present.json().isEmpty()
                ? Map.of()
                : session.columns(present.json().get()).orElse(Map.of());
    }

    private static String cell(Map<String, @Nullable String> columns, String name) {
        if (!columns.containsKey(name)) {
            return ABSENT;
        }
        String value = columns.get(name);
        return value == null ? "null" : Texts.shortened(PrintableText.line(value), LONGEST_CELL);
    }

    private static String document(DlqSession session, DeadLetterEntry entry, ReplayForecast forecast)
            throws OutageException {
        return DeadLetterJson.whole(entry)
                .with("if_sent_again", forecast.effect().word())
                .with("detail", forecast.detail())
                .with("destination", json(inDestination(session, entry.letter())))
                .with("source", json(inSource(session, entry.letter())))
                .toString();
    }

    private static JsonObject json(Present present) {
        return new JsonObject()
                .with("row", new JsonText.Raw(present.json().orElse("null")))
                .with("action_id", present.actionId())
                .with("note", present.note());
    }
}
