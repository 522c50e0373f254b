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

/** The letters of a stream, with what was done about each. Not thread-safe. */
final class DeadLetterList {
    /** Changes of a key lie in one partition, in their order. */
    private static final Comparator<Marked> BY_ORIGIN = Comparator.<Marked>comparingInt(
                    marked -> marked.letter().origin().partition())
            .thenComparingLong(marked -> marked.letter().origin().offset())
            .thenComparing(marked -> marked.letter().id());

    private static final Comparator<Marked> BY_TIME = Comparator.<Marked, java.time.Instant>comparing(
                    marked -> marked.letter().time())
            .thenComparing(marked -> marked.letter().id());

    private final DlqTopic topic;
    private final HandlingTable marks;
    private final long mostBytes;

    /** Of the letters whose values are kept, so many bytes are. */
    DeadLetterList(DlqTopic topic, HandlingTable marks, long mostBytes) {
        this.topic = topic;
        this.marks = marks;
        this.mostBytes = mostBytes;
    }

    /**
     * A letter and what was done about it.
     *
     * @param letter the letter
     * @param mark what was done
     */
    record Marked(DeadLetter letter, Handling mark) {
        /** How often the record has been replayed, before it became this letter and since. */
        int replays() {
            return letter.replays() + mark.replays();
        }
    }

    /** The identity of the topic. */
    Optional<String> topicId() throws OutageException, InterruptedException {
        return topic.id();
    }

    /** Those that are meant, without their values, the oldest first. */
    List<Marked> heads(DeadLetterFilter filter) throws OutageException, InterruptedException {
        return read(filter, DeadLetter::withoutValue, BY_TIME);
    }

    /** Those that are meant, in the order in which the records lie on the stream's topic. */
    List<Marked> whole(DeadLetterFilter filter) throws OutageException, InterruptedException {
        return read(filter, UnaryOperator.identity(), BY_ORIGIN);
    }

    private List<Marked> read(DeadLetterFilter filter, UnaryOperator<DeadLetter> kept, Comparator<Marked> order)
            throws OutageException, InterruptedException {
        Optional<String> id = topic.id();
        Collector found = new Collector(filter, id.isEmpty() ? Map.of() : marks.of(id.get()), kept);
        if (id.isPresent() && filter.ids().isEmpty()) {
            topic.read(filter.since(), found::take);
        } else if (id.isPresent()) {
            topic.read(filter.ids(), found::take);
        }
        if (!found.missing.isEmpty()) {
            throw new CommandFailedException("there is no dead letter " + found.missing);
        }
        found.found.sort(order);
        return found.found;
    }

    private final class Collector {
        private final DeadLetterFilter filter;
        private final Map<DeadLetterId, Handling> known;
        private final UnaryOperator<DeadLetter> kept;
        private final List<Marked> found = new ArrayList<>();
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
            Handling mark = known.getOrDefault(letter.id(), Handling.NONE);
            if (filter.matches(letter, mark)) {
                DeadLetter held = kept.apply(letter);
                bytes += held.bytes();
                if (bytes > mostBytes) {
                    throw new CommandFailedException(
                            "more than " + found.size()
                                    + " letters are meant, too many to hold in memory at once: narrow them, such as with --until");
                }
                found.add(new Marked(held, mark));
            }
        }
    }
}
