package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.DeadLetterList.Marked;
import io.rowrelay.common.json.JsonText;
import io.rowrelay.common.runtime.OutageException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code dlq list}: which letters there are, and how many for which reason. Shows no value. */
final class ListLetters {
    private final DeadLetterList letters;
    private final String topic;
    private final Console console;

    ListLetters(DeadLetterList letters, String topic, Console console) {
        this.letters = letters;
        this.topic = topic;
        this.console = console;
    }

    Outcome run(DeadLetterFilter filter, int limit, boolean json) throws OutageException, InterruptedException {
        List<Marked> found = letters.heads(filter);
        List<Marked> shown = found.subList(0, Math.min(limit, found.size()));
        long open = found.stream()
                .filter(marked -> marked.mark().state() == Handling.State.OPEN)
                .count();
        if (json) {
            console.say(document(found, shown, open));
        } else {
            table(shown, filter.done()).print().forEach(console::say);
            console.say(summary(found, shown, open));
        }
        return open == 0 ? Outcome.DONE : Outcome.DEAD_LETTERS_LEFT;
    }

    private static TextTable table(List<Marked> shown, boolean withState) {
        TextTable table = new TextTable();
        String state = withState ? "STATE" : "";
        if (!shown.isEmpty()) {
            table.line("ID", "TIME", "KEY", "REASON", "FROM", "REPLAYS", state);
        }
        for (Marked marked : shown) {
            DeadLetter letter = marked.letter();
            table.line(
                    letter.id().toString(),
                    letter.time().truncatedTo(ChronoUnit.SECONDS).toString(),
                    letter.keyText(),
                    letter.reason(),
                    letter.origin().toString(),
                    "" + marked.replays(),
                    withState ? marked.mark().state().name().toLowerCase(Locale.ROOT) : "");
        }
        return table;
    }

    private String summary(List<Marked> found, List<Marked> shown, long open) {
        if (found.isEmpty()) {
            return "none on " + topic;
        }
        String reasons = byReason(found).entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .collect(Collectors.joining(", "));
        String hidden = shown.size() < found.size() ? "; the oldest " + shown.size() + " are shown, see --limit" : "";
        return "%ntotal=%d open=%d on %s: %s%s".formatted(found.size(), open, topic, reasons, hidden);
    }

    private static Map<String, Long> byReason(List<Marked> found) {
        return found.stream()
                .collect(Collectors.groupingBy(
                        marked -> marked.letter().reason(), LinkedHashMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private String document(List<Marked> found, List<Marked> shown, long open) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("topic", topic);
        document.put("total", found.size());
        document.put("open", open);
        document.put("reasons", byReason(found));
        document.put("letters", shown.stream().map(DeadLetterJson::head).toList());
        return JsonText.of(document);
    }
}
