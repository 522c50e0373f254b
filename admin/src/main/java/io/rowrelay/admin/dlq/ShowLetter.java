package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.DeadLetterList.Marked;
import io.rowrelay.admin.dlq.RelatedRows.Present;
import io.rowrelay.common.json.JsonText;
import io.rowrelay.common.runtime.OutageException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code dlq show}: a letter beside the row that it is about, as that is now in source and destination. */
final class ShowLetter {
    private static final int LONGEST_VALUE = 4_000;
    private static final int LONGEST_CELL = 40;
    private static final String ABSENT = "-";

    private final DeadLetterList letters;
    private final RelatedRows rows;
    private final ReplayCheck judge;
    private final Console console;

    ShowLetter(DeadLetterList letters, RelatedRows rows, ReplayCheck judge, Console console) {
        this.letters = letters;
        this.rows = rows;
        this.judge = judge;
        this.console = console;
    }

    Outcome run(DeadLetterFilter filter, boolean json) throws OutageException, InterruptedException {
        for (Marked marked : letters.whole(filter)) {
            if (json) {
                console.say(document(marked));
            } else {
                show(marked);
            }
        }
        return Outcome.DONE;
    }

    private void show(Marked marked) throws OutageException {
        DeadLetter letter = marked.letter();
        TextTable facts = new TextTable();
        facts.line("dead letter", letter.id().toString());
        facts.line("written", letter.time().toString());
        facts.line("state", state(marked));
        facts.line("key", letter.keyText());
        facts.line("reason", letter.reason());
        facts.line("from", letter.origin().toString());
        facts.line("if sent again", judge.of(letter).text());
        facts.print().forEach(console::say);
        console.say("");
        console.say("headers");
        TextTable headers = new TextTable();
        letter.headers()
                .forEach(header -> headers.line("  " + Texts.harmless(header.name()), Texts.shown(header.value())));
        headers.print().forEach(console::say);
        console.say("");
        value(letter);
        console.say("");
    }

    private static String state(Marked marked) {
        return marked.mark().state().name().toLowerCase(Locale.ROOT) + ", replays: " + marked.replays();
    }

    private void value(DeadLetter letter) throws OutageException {
        Present there = present(letter, true);
        Present here = present(letter, false);
        Optional<String> text = Texts.utf8(letter.value());
        Optional<Map<String, @Nullable String>> columns = text.isEmpty() ? Optional.empty() : rows.columns(text.get());
        if (columns.isEmpty()) {
            console.say("value (no JSON object): " + Texts.shortened(Texts.shown(letter.value()), LONGEST_VALUE));
        }
        TextTable table = new TextTable();
        table.line("column", "dead letter", "destination now", "source now");
        Map<String, @Nullable String> value = columns.orElse(Map.of());
        Map<String, @Nullable String> shown = columnsOf(there);
        Map<String, @Nullable String> source = columnsOf(here);
        Set<String> names = new LinkedHashSet<>(value.keySet());
        names.addAll(shown.keySet());
        names.addAll(source.keySet());
        for (String name : names) {
            table.line(Texts.harmless(name), cell(value, name), cell(shown, name), cell(source, name));
        }
        table.print().forEach(console::say);
        note("destination", there);
        note("source", here);
    }

    private void note(String side, Present present) {
        if (present.json().isEmpty()) {
            String tombstone = present.actionId() > 0 ? ", deleted by change " + present.actionId() : "";
            console.say(side + ": " + (present.note().isEmpty() ? "no such row" + tombstone : present.note()));
        }
    }

    private Present present(DeadLetter letter, boolean destination) throws OutageException {
        Optional<String> key = Texts.utf8(letter.key());
        if (key.isEmpty()) {
            return Present.unknown("the letter has no key to look for");
        }
        return destination ? rows.inDestination(key.get()) : rows.inSource(key.get());
    }

    private Map<String, @Nullable String> columnsOf(Present present) throws OutageException {
        return present.json().isEmpty()
                ? Map.of()
                : rows.columns(present.json().get()).orElse(Map.of());
    }

    private static String cell(Map<String, @Nullable String> columns, String name) {
        if (!columns.containsKey(name)) {
            return ABSENT;
        }
        String value = columns.get(name);
        return value == null ? "null" : Texts.shortened(Texts.harmless(value), LONGEST_CELL);
    }

    private String document(Marked marked) throws OutageException {
        DeadLetter letter = marked.letter();
        Map<String, Object> document = new LinkedHashMap<>(DeadLetterJson.whole(marked));
        ReplayForecast judgement = judge.of(letter);
        document.put("if_sent_again", judgement.verdict().name().toLowerCase(Locale.ROOT));
        document.put("detail", judgement.detail());
        for (boolean destination : List.of(true, false)) {
            Present present = present(letter, destination);
            document.put(destination ? "destination" : "source", row(present));
        }
        return JsonText.of(document);
    }

    private static Object row(Present present) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("row", new JsonText.Raw(present.json().orElse("null")));
        row.put("action_id", present.actionId());
        row.put("note", present.note());
        return row;
    }
}
