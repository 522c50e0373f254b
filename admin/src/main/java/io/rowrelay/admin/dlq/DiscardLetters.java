package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.DeadLetterList.Marked;
import io.rowrelay.common.runtime.OutageException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code dlq discard}: notes that nothing is to be done about letters, so that they are not listed any more. */
final class DiscardLetters {
    private static final int SHOWN = 20;

    private final String streamTopic;
    private final DeadLetterList letters;
    private final DlqTopic topic;
    private final HandlingTable marks;
    private final Console console;

    DiscardLetters(String streamTopic, DeadLetterList letters, DlqTopic topic, HandlingTable marks, Console console) {
        this.streamTopic = streamTopic;
        this.letters = letters;
        this.topic = topic;
        this.marks = marks;
        this.console = console;
    }

    /**
     * How to go about it.
     *
     * @param dryRun whether to look only
     * @param confirmed whether nobody is to be asked
     * @param purge whether to remove what is done from the topic, too
     */
    record Manner(boolean dryRun, boolean confirmed, boolean purge) {}

    Outcome run(DeadLetterFilter filter, Manner manner) throws OutageException, InterruptedException {
        Optional<String> id = letters.topicId();
        if (id.isEmpty()) {
            console.say("there is no dead-letter topic, so nothing was ever refused");
            return Outcome.DONE;
        }
        Set<DeadLetterId> chosen = new TreeSet<>();
        if (!filter.isEmpty() || filter.done()) {
            chosen.addAll(chosen(filter));
            if (!discard(id.get(), chosen, manner)) {
                return Outcome.DONE;
            }
        }
        if (manner.purge()) {
            purge(id.get(), chosen, manner);
        }
        return Outcome.DONE;
    }

    /** Of this stream only: what to do about another's letters is not for these settings to say. */
    private List<DeadLetterId> chosen(DeadLetterFilter filter) throws OutageException, InterruptedException {
        return letters.heads(filter).stream()
                .filter(marked -> marked.mark().state() == Handling.State.OPEN)
                .filter(marked -> marked.letter().isOf(streamTopic))
                .map(marked -> marked.letter().id())
                .toList();
    }

    /** Returns whether the user wants it. */
    private boolean discard(String id, Set<DeadLetterId> chosen, Manner manner) throws OutageException {
        String which = chosen.size() + " letters" + (chosen.isEmpty() || chosen.size() > SHOWN ? "" : " " + chosen);
        if (manner.dryRun()) {
            console.say("would be discarded: " + which + "; nothing was");
        } else if (chosen.isEmpty() || manner.confirmed() || console.confirm("Discard " + which + "?")) {
            marks.discarded(id, chosen);
            console.say("discarded: " + which);
        } else {
            console.say("nothing was discarded");
            return false;
        }
        return true;
    }

    /** Kafka removes from the front only: up to the first letter of a partition that is open. */
    private void purge(String id, Set<DeadLetterId> discarded, Manner manner)
            throws OutageException, InterruptedException {
        DeadLetterFilter everything = new DeadLetterFilter(
                new TreeSet<>(), Optional.empty(), Optional.empty(), Instant.EPOCH, Instant.MAX, true);
        Map<Integer, Long> firstOpen = new TreeMap<>();
        Map<Integer, Long> end = new TreeMap<>();
        List<Marked> all = letters.heads(everything);
        for (Marked marked : all) {
            DeadLetterId letter = marked.letter().id();
            end.merge(letter.partition(), letter.offset() + 1, Math::max);
            if (marked.mark().state() == Handling.State.OPEN && !discarded.contains(letter)) {
                firstOpen.merge(letter.partition(), letter.offset(), Math::min);
            }
        }
        Map<Integer, Long> before = new TreeMap<>(end);
        before.putAll(firstOpen);
        long removed = all.stream()
                .filter(marked -> marked.letter().id().offset()
                        < before.getOrDefault(marked.letter().id().partition(), 0L))
                .count();
        String which = removed + " letters that lie before the first open one of their partition";
        if (manner.dryRun()) {
            console.say("would be removed from the topic: " + which);
        } else if (removed == 0
                || manner.confirmed()
                || console.confirm("Remove " + which + " from the topic, for ever?")) {
            if (removed > 0) {
                topic.removeBefore(before);
                marks.forget(id, before);
            }
            console.say("removed from the topic: " + which);
        } else {
            console.say("nothing was removed from the topic");
        }
    }
}
