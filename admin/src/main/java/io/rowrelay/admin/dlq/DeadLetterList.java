package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The dead letters of a stream, with what was done about each. Not thread-safe.
 *
 * @param topic where they lie
 * @param handling what was done
 * @param mostBytes keeps at most this many bytes of dead letters in memory
 */
record DeadLetterList(DlqTopic topic, HandlingTable handling, long mostBytes) {
    private static final Comparator<DeadLetterEntry> BY_ID =
            Comparator.comparing(entry -> entry.letter().id());

    private static final Comparator<DeadLetterEntry> BY_TIME = Comparator.<DeadLetterEntry, java.time.Instant>comparing(
                    entry -> entry.letter().time())
            .thenComparing(BY_ID);

    /** Changes of a key lie in one partition, in their order. */
    private static final Comparator<DeadLetterEntry> BY_ORIGIN = Comparator.<DeadLetterEntry>comparingInt(
                    entry -> entry.letter().origin().partition())
            .thenComparingLong(entry -> entry.letter().origin().offset())
            .thenComparing(BY_ID);

    /** The selected ones, without their values, the oldest first. */
    List<DeadLetterEntry> heads(DeadLetterFilter filter) throws OutageException, InterruptedException {
        return read(filter, DeadLetter::withoutValue, BY_TIME);
    }

    /** The selected ones, in the order in which the records lie on the stream's topic. */
    List<DeadLetterEntry> whole(DeadLetterFilter filter) throws OutageException, InterruptedException {
        return read(filter, UnaryOperator.identity(), BY_ORIGIN);
    }

    private List<DeadLetterEntry> read(
            DeadLetterFilter filter, UnaryOperator<DeadLetter> kept, Comparator<DeadLetterEntry> order)
            throws OutageException, InterruptedException {
        Optional<String> id = topic.id();
        Collector collector = new Collector(filter, id.isEmpty() ? Map.of() : handling.of(id.get()), kept);
        if (id.isPresent() && filter.ids().isEmpty()) {
            topic.read(filter.since(), collector::take);
        } else if (id.isPresent()) {
            topic.read(filter.ids(), collector::take);
        }
        if (!collector.missing.isEmpty()) {
            throw new CommandFailedException("there is no dead letter " + collector.missing);
        }
        collector.found.sort(order);
        return collector.found;
    }

    private final class Collector {
        private final DeadLetterFilter filter;
        private final Map<DeadLetterId, Handling> known;
        private final UnaryOperator<DeadLetter> kept;
        private final List<DeadLetterEntry> found = new ArrayList<>();
        private final Set<DeadLetterId> missing;
        private long bytes;

        private Collector(DeadLetterFilter filter, Map<DeadLetterId, Handling> known, UnaryOperator<DeadLetter> kept) {
            this.filter = filter;
            this.known = known;
            this.kept = kept;
            this.missing = new TreeSet<>(filter.ids());
        }

        private void take(DeadLetter letter) {
            missing.remove(letter.id());
            Handling done = known.getOrDefault(letter.id(), Handling.NONE);
            if (filter.matches(new DeadLetterEntry(letter, done))) {
                DeadLetterEntry held = new DeadLetterEntry(kept.apply(letter), done);
                bytes += held.letter().bytes();
                if (bytes > mostBytes) {
                    throw new CommandFailedException("more than " + found.size()
                            + " dead letters are meant, too many to hold in memory at once: narrow them, such as with"
                            + " --until");
                }
                found.add(held);
            }
        }
    }
}
