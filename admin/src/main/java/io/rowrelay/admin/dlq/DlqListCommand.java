package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlq list}: which dead letters there are, and how many for which reason. Shows no value. */
@Command(
        name = "dlq list",
        description =
                "Lists the open dead letters, the oldest first, and counts them by reason. Shows no values. Exit code 4 if there are any.")
public final class DlqListCommand extends DlqCommand {
    @Option(names = LIMIT, paramLabel = "N", description = "List at most this many (default: 50).")
    private int limit = 50;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    void check(DeadLetterFilter filter) {
        inRange(LIMIT, limit, 1, Integer.MAX_VALUE);
    }

    @Override
    Outcome run(DlqSession session, DeadLetterFilter filter, Console console)
            throws OutageException, InterruptedException {
        String topic = session.deadLetterTopic();
        List<DeadLetterEntry> found = session.deadLetters().heads(filter);
        List<DeadLetterEntry> shown = found.subList(0, Math.min(limit, found.size()));
        long open = found.stream().filter(DeadLetterEntry::isOpen).count();
        if (json) {
            console.say(document(topic, found, shown, open));
        } else {
            table(shown, filter.done()).print().forEach(console::say);
            if (!found.isEmpty()) {
                console.say("");
            }
            console.say(summary(topic, found, shown, open));
        }
        return open == 0 ? Outcome.DONE : Outcome.DEAD_LETTERS_LEFT;
    }

    private static TextTable table(List<DeadLetterEntry> shown, boolean withState) {
        TextTable table = new TextTable();
        if (!shown.isEmpty()) {
            table.line("ID", "TIME", "KEY", "REASON", "FROM", "REPLAYS", withState ? "STATE" : "");
        }
        for (DeadLetterEntry entry : shown) {
            DeadLetter letter = entry.letter();
            table.line(
                    letter.id().toString(),
                    letter.time().truncatedTo(ChronoUnit.SECONDS).toString(),
                    letter.keyText(),
                    letter.reason(),
                    letter.origin().toString(),
                    "" + entry.replays(),
                    withState ? entry.handling().state().word() : "");
        }
        return table;
    }

    private static String summary(String topic, List<DeadLetterEntry> found, List<DeadLetterEntry> shown, long open) {
        if (found.isEmpty()) {
            return "none on " + topic;
        }
        String reasons = byReason(found).entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .collect(Collectors.joining(", "));
        String hidden = shown.size() < found.size() ? "; the oldest " + shown.size() + " are shown, see --limit" : "";
        return "total=%d open=%d on %s: %s%s".formatted(found.size(), open, topic, reasons, hidden);
    }

    private static Map<String, Long> byReason(List<DeadLetterEntry> found) {
        return found.stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.letter().reason(), LinkedHashMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static String document(String topic, List<DeadLetterEntry> found, List<DeadLetterEntry> shown, long open) {
        JsonObject reasons = new JsonObject();
        byReason(found).forEach(reasons::withColumn);
        return new JsonObject()
                .with("topic", topic)
                .with("total", found.size())
                .with("open", open)
                .with("reasons", reasons)
                .with("letters", shown.stream().map(DeadLetterJson::head).toList())
                .toString();
    }
}
