package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.ReplayForecast.Effect;
import io.rowrelay.admin.dlq.Replays.Replay;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.text.PrintableText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code dlq replay}: sends dead letters to the stream's topic again, those of a key in the order of their records. Before,
 * each is tried in the destination, and one that would fail again is reported, not sent.
 *
 * <p>The order of effects: a chunk is sent and acknowledged, then noted. A crash in between leaves dead letters open that were
 * sent: to send them again is harmless.
 */
@Command(
        name = "dlq replay",
        description =
                "Sends dead letters to the stream's topic again, those of a key in their order. First tries each in the destination and rolls back: what would be rejected again is reported and not sent. In a stream of many tables: sends the present state of the row that each is about. Exit code 4 if some were not sent.")
public final class DlqReplayCommand extends DlqCommand {
    private static final int CHUNK = 100;

    @Option(names = LIMIT, paramLabel = "N", description = "Send at most this many (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(names = "--dry-run", description = "Send nothing: say what would be done.")
    private boolean dryRun;

    @Option(
            names = "--force",
            description =
                    "Also send those that have no effect any more, are not the record that was rejected, would be rejected"
                            + " again or hold up the consumer, or cannot be tried.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--no-wait",
            description =
                    "In a stream of many tables: end when everything is sent; do not wait until it has arrived in the destination.")
    private boolean noWait;

    /** The first dead letter of each record. */
    private final Map<DeadLetter.Origin, DeadLetter> seen = new HashMap<>();

    /** A dead letter and what replay does with it. */
    private record Decision(DeadLetterEntry entry, ReplayForecast forecast, boolean sent) {
        DeadLetterId id() {
            return entry.letter().id();
        }

        boolean isSettled() {
            return sent || forecast.effect().isSettled();
        }
    }

    @Override
    void check(DeadLetterFilter filter) {
        inRange(LIMIT, limit, 1, Integer.MAX_VALUE);
    }

    @Override
    Outcome run(DlqSession session, DeadLetterFilter filter, Console console)
            throws OutageException, InterruptedException {
        Optional<String> id = session.topic().id();
        List<DeadLetterEntry> found = session.deadLetters().whole(filter);
        List<DeadLetterEntry> chosen = found.subList(0, Math.min(limit, found.size()));
        List<Decision> all = new ArrayList<>();
        for (int from = 0; from < chosen.size(); from += CHUNK) {
            List<DeadLetterEntry> entries = chosen.subList(from, Math.min(chosen.size(), from + CHUNK));
            Forecasts check = session.check(entries);
            List<Decision> chunk = new ArrayList<>();
            for (DeadLetterEntry entry : entries) {
                chunk.add(decide(entry, check));
            }
            if (!dryRun && id.isPresent()) {
                send(session, id.get(), chunk, json ? console.aside() : console);
            }
            if (!json) {
                print(chunk, console);
            }
            all.addAll(chunk);
        }
        long came = session.isOfMany() && !dryRun && all.stream().anyMatch(Decision::sent)
                ? arrived(session, json ? console.aside() : console)
                : 0;
        console.say(json ? document(all) : summary(all));
        return came == 0 && all.stream().allMatch(Decision::isSettled) ? Outcome.DONE : Outcome.DEAD_LETTERS_LEFT;
    }

    /** Returns how many dead letters have come of what was sent, as far as it is waited for. */
    private long arrived(DlqSession session, Console shown) throws OutageException, InterruptedException {
        PresentStates sent = session.presentStates(shown);
        long came = noWait ? 0 : sent.await();
        sent.broken().ifPresent(shown::say);
        return came;
    }

    private Decision decide(DeadLetterEntry entry, Forecasts check) throws OutageException {
        DeadLetter letter = entry.letter();
        DeadLetter twin = seen.get(letter.origin());
        // A topic that was created again has other records at the same offsets.
        if (twin != null && Arrays.equals(twin.value(), letter.value()) && Arrays.equals(twin.key(), letter.key())) {
            return new Decision(entry, new ReplayForecast(Effect.DUPLICATE, "the same record as " + twin.id()), false);
        }
        ReplayForecast forecast = check.of(letter);
        boolean sent = forecast.effect().isSent() || (force && forecast.effect().canBeForced());
        if (sent && letter.origin().offset() >= 0) {
            seen.putIfAbsent(letter.origin(), letter);
        }
        return new Decision(entry, forecast, sent);
    }

    /** {@code id} is that of the topic that was read: what is noted must not meet another of the same name. */
    private static void send(DlqSession session, String id, List<Decision> chunk, Console shown)
            throws OutageException, InterruptedException {
        List<Decision> sent = chunk.stream().filter(Decision::sent).toList();
        if (!sent.isEmpty()) {
            session.replays(shown)
                    .send(sent.stream()
                            .map(each -> new Replay(
                                    each.entry().letter(), each.entry().replays() + 1))
                            .toList());
            session.handling().replayed(id, sent.stream().map(Decision::id).toList());
        }
        session.handling()
                .discarded(
                        id,
                        chunk.stream()
                                .filter(each -> each.forecast().effect() == Effect.DUPLICATE)
                                .map(Decision::id)
                                .toList());
    }

    private void print(List<Decision> chunk, Console console) {
        TextTable table = new TextTable();
        for (Decision each : chunk) {
            table.line(each.id().toString(), "key " + each.entry().letter().keyText(), text(each));
        }
        table.print().forEach(console::say);
    }

    private String text(Decision each) {
        String why = PrintableText.line(each.forecast().text());
        if (!each.sent()) {
            return (dryRun ? "would not be sent: " : "NOT sent: ") + why;
        }
        String done = dryRun ? "would be sent" : "sent";
        String forced = each.forecast().effect().isSent() ? "" : ", forced";
        return done + " (replay " + (each.entry().replays() + 1) + forced + "): " + why;
    }

    private String summary(List<Decision> all) {
        long sent = all.stream().filter(Decision::sent).count();
        long superseded = all.stream().filter(Decision::isSettled).count() - sent;
        String left = "superseded=" + superseded + " not_sent=" + (all.size() - sent - superseded);
        return (dryRun ? "would be sent=" + sent + " " + left + "; nothing was" : "sent=" + sent + " " + left)
                + (superseded > 0 ? "; discard what is superseded, it has no effect any more" : "");
    }

    private String document(List<Decision> all) {
        return new JsonObject()
                .with("letters", all.stream().map(this::json).toList())
                .toString();
    }

    private JsonObject json(Decision each) {
        return new JsonObject()
                .with("id", each.id())
                .with("key", each.entry().letter().keyText())
                .with("verdict", each.forecast().effect().word())
                .with("detail", each.forecast().detail())
                .with(dryRun ? "would_be_sent" : "sent", each.sent())
                .with("replays", each.entry().replays() + (each.sent() && !dryRun ? 1 : 0));
    }
}
