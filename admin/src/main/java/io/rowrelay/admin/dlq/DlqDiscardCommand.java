package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlq discard}: notes that nothing is to be done about dead letters, so that they are not listed any more. */
@Command(
        name = "dlq discard",
        description = "Marks dead letters as done, so that they are no longer listed. The topic keeps them.")
public final class DlqDiscardCommand extends DlqCommand {
    private static final int SHOWN = 20;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(
            names = "--purge",
            description =
                    "Then delete from the topic those that were replayed or discarded, up to the first open dead letter of each partition.")
    private boolean purge;

    @Option(names = "--lost", description = "Stop counting dead letters that the topic dropped while they were open.")
    private boolean lost;

    @Override
    void check(DeadLetterFilter filter) {
        if (!choosesAny(filter) && !purge && !lost) {
            throw wrong("say which: ids such as 0:17, --key, --reason, --since or --until; --all for every one");
        }
    }

    private static boolean choosesAny(DeadLetterFilter filter) {
        return !filter.isEmpty() || filter.done();
    }

    @Override
    Outcome run(DlqSession session, DeadLetterFilter filter, Console console)
            throws OutageException, InterruptedException {
        if (lost && !dryRun) {
            session.handling().forgetLost(session.topic().span());
            console.say("lost dead letters are not counted any more");
        }
        Optional<String> id = session.topic().id();
        if (id.isEmpty()) {
            console.say("there is no dead-letter topic, so nothing was ever rejected");
            return Outcome.DONE;
        }
        Set<DeadLetterId> chosen = new TreeSet<>();
        if (choosesAny(filter)) {
            chosen.addAll(chosen(session, filter));
            if (!discard(session.handling(), id.get(), chosen, console)) {
                return Outcome.DONE;
            }
        }
        if (purge) {
            purge(session, id.get(), chosen, console);
        }
        return Outcome.DONE;
    }

    /** Selects dead letters of this stream only; another stream has settings of its own. */
    private static List<DeadLetterId> chosen(DlqSession session, DeadLetterFilter filter)
            throws OutageException, InterruptedException {
        return session.deadLetters().heads(filter).stream()
                .filter(DeadLetterEntry::isOpen)
                .map(DeadLetterEntry::letter)
                .filter(session::isOwn)
                .map(DeadLetter::id)
                .toList();
    }

    /** Returns whether the user wants it. */
    private boolean discard(HandlingTable handling, String id, Set<DeadLetterId> chosen, Console console)
            throws OutageException {
        String which =
                chosen.size() + " dead letters" + (chosen.isEmpty() || chosen.size() > SHOWN ? "" : " " + chosen);
        if (dryRun) {
            console.say("would be discarded: " + which + "; nothing was");
        } else if (chosen.isEmpty() || yes || console.confirm("Discard " + which + "?")) {
            handling.discarded(id, chosen);
            console.say("discarded: " + which);
        } else {
            console.say("nothing was discarded");
            return false;
        }
        return true;
    }

    /** Kafka removes from the front only: up to the first dead letter of a partition that is open. */
    private void purge(DlqSession session, String id, Set<DeadLetterId> discarded, Console console)
            throws OutageException, InterruptedException {
        DeadLetterFilter everything = new DeadLetterFilter(
                new TreeSet<>(), Optional.empty(), Optional.empty(), Instant.EPOCH, Instant.MAX, true);
        Map<Integer, Long> firstOpen = new TreeMap<>();
        Map<Integer, Long> before = new TreeMap<>();
        List<DeadLetterEntry> all = session.deadLetters().heads(everything);
        for (DeadLetterEntry entry : all) {
            DeadLetterId letter = entry.letter().id();
            before.merge(letter.partition(), letter.offset() + 1, Math::max);
            if (entry.isOpen() && !discarded.contains(letter)) {
                firstOpen.merge(letter.partition(), letter.offset(), Math::min);
            }
        }
        before.putAll(firstOpen);
        long removed = all.stream()
                .map(entry -> entry.letter().id())
                .filter(letter -> letter.offset() < before.getOrDefault(letter.partition(), 0L))
                .count();
        String which = removed + " dead letters that lie before the first open one of their partition";
        if (dryRun) {
            console.say("would be removed from the topic: " + which);
        } else if (removed == 0 || yes || console.confirm("Remove " + which + " from the topic, for ever?")) {
            if (removed > 0) {
                session.topic().removeBefore(before);
                session.handling().forget(id, before);
            }
            console.say("removed from the topic: " + which);
        } else {
            console.say("nothing was removed from the topic");
        }
    }
}
