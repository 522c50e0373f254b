package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.DeadLetterList.Marked;
import io.rowrelay.admin.dlq.DlqTopic.Replay;
import io.rowrelay.admin.dlq.ReplayForecast.Verdict;
import io.rowrelay.common.json.JsonText;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code dlq replay}: sends letters to the stream's topic again, those of a key in the order of their records. Before, each is
 * tried in the destination, and one that would fail again is told, not sent.
 *
 * <p>The order of effects: a chunk is sent and acknowledged, then marked. A crash in between leaves letters open that were
 * sent: to send them again is harmless.
 */
final class ReplayLetters {
    private static final int CHUNK = 100;

    private final DeadLetterList letters;
    private final DlqTopic topic;
    private final HandlingTable marks;
    private final ReplayCheck judge;
    private final Console console;

    ReplayLetters(DeadLetterList letters, DlqTopic topic, HandlingTable marks, ReplayCheck judge, Console console) {
        this.letters = letters;
        this.topic = topic;
        this.marks = marks;
        this.judge = judge;
        this.console = console;
    }

    /**
     * How to go about it.
     *
     * @param dryRun whether to do all but sending
     * @param force whether to send what is not thought to help, too
     * @param json whether a script reads the answer
     */
    record Manner(boolean dryRun, boolean force, boolean json) {}

    /** A letter and what is done about it. */
    private record Decision(Marked marked, ReplayForecast judgement, boolean sent) {}

    Outcome run(DeadLetterFilter filter, int limit, Manner manner) throws OutageException, InterruptedException {
        Optional<String> id = letters.topicId();
        List<Marked> found = letters.whole(filter);
        List<Decision> all = new ArrayList<>();
        Map<DeadLetter.Origin, DeadLetter> seen = new HashMap<>();
        for (int from = 0; from < Math.min(limit, found.size()); from += CHUNK) {
            List<Decision> chunk = new ArrayList<>();
            for (Marked marked : found.subList(from, Math.min(Math.min(limit, found.size()), from + CHUNK))) {
                chunk.add(decide(marked, seen, manner.force()));
            }
            if (!manner.dryRun() && id.isPresent()) {
                send(id.get(), chunk);
            }
            if (!manner.json()) {
                print(chunk, manner.dryRun());
            }
            all.addAll(chunk);
        }
        console.say(manner.json() ? document(all, manner.dryRun()) : summary(all, manner.dryRun()));
        boolean settled = all.stream()
                .allMatch(each -> each.sent() || each.judgement().verdict().isSettled());
        return settled ? Outcome.DONE : Outcome.DEAD_LETTERS_LEFT;
    }

    private Decision decide(Marked marked, Map<DeadLetter.Origin, DeadLetter> seen, boolean force)
            throws OutageException {
        DeadLetter letter = marked.letter();
        DeadLetter twin = seen.get(letter.origin());
        // A topic that was created again has other records at the same places.
        if (twin != null && Arrays.equals(twin.value(), letter.value()) && Arrays.equals(twin.key(), letter.key())) {
            return new Decision(
                    marked, new ReplayForecast(Verdict.DUPLICATE, "the same record as " + twin.id()), false);
        }
        ReplayForecast judgement = judge.of(letter);
        boolean sent = judgement.verdict() == Verdict.TAKEN
                || (force && judgement.verdict().canBeForced());
        if (sent && letter.origin().offset() >= 0) {
            seen.putIfAbsent(letter.origin(), letter);
        }
        return new Decision(marked, judgement, sent);
    }

    /** {@code id} is that of the topic the letters were read from: marks must not meet another of the same name. */
    private void send(String id, List<Decision> chunk) throws OutageException, InterruptedException {
        List<Decision> sent = chunk.stream().filter(Decision::sent).toList();
        if (!sent.isEmpty()) {
            topic.replay(sent.stream()
                    .map(each ->
                            new Replay(each.marked().letter(), each.marked().replays() + 1))
                    .toList());
            marks.replayed(
                    id, sent.stream().map(each -> each.marked().letter().id()).toList());
        }
        marks.discarded(
                id,
                chunk.stream()
                        .filter(each -> each.judgement().verdict() == Verdict.DUPLICATE)
                        .map(each -> each.marked().letter().id())
                        .toList());
    }

    private void print(List<Decision> chunk, boolean dryRun) {
        TextTable table = new TextTable();
        for (Decision each : chunk) {
            DeadLetter letter = each.marked().letter();
            table.line(letter.id().toString(), "key " + letter.keyText(), text(each, dryRun));
        }
        table.print().forEach(console::say);
    }

    private static String text(Decision each, boolean dryRun) {
        String why = Texts.harmless(each.judgement().text());
        if (!each.sent()) {
            return (dryRun ? "would not be sent: " : "NOT sent: ") + why;
        }
        String done = dryRun ? "would be sent" : "sent";
        String forced = each.judgement().verdict() == Verdict.TAKEN ? "" : ", forced";
        return done + " (replay " + (each.marked().replays() + 1) + forced + "): " + why;
    }

    private static String summary(List<Decision> all, boolean dryRun) {
        long sent = all.stream().filter(Decision::sent).count();
        long superseded = all.stream()
                .filter(each -> !each.sent() && each.judgement().verdict().isSettled())
                .count();
        String left = "superseded=" + superseded + " not_sent=" + (all.size() - sent - superseded);
        return (dryRun ? "would be sent=" + sent + " " + left + "; nothing was" : "sent=" + sent + " " + left)
                + (superseded > 0 ? "; discard what is superseded, it has no effect any more" : "");
    }

    private static String document(List<Decision> all, boolean dryRun) {
        List<Map<String, Object>> letters = new ArrayList<>();
        for (Decision each : all) {
            Map<String, Object> letter = new LinkedHashMap<>();
            letter.put("id", each.marked().letter().id());
            letter.put("key", each.marked().letter().keyText());
            letter.put("verdict", each.judgement().verdict().name().toLowerCase(Locale.ROOT));
            letter.put("detail", each.judgement().detail());
            letter.put(dryRun ? "would_be_sent" : "sent", each.sent());
            letter.put("replays", each.marked().replays() + (each.sent() && !dryRun ? 1 : 0));
            letters.add(letter);
        }
        return JsonText.of(Map.of("letters", letters));
    }
}
