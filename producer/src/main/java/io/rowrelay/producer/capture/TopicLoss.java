package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.producer.capture.PublishedHistory.Remembered;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.record.Partition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out at the beginning of a session whether the topic still holds what it had acknowledged. A broker does not wait for
 * its disk, and an unclean leader election cuts partitions: then the last records are gone, and others may stand in their
 * place. The changes are still in the change table, so the stream goes back to the newest remembered checkpoint of which
 * the topic has lost nothing, and is published again from there. Changes that come again do no harm: the destination's fence
 * takes the newest of a key only.
 */
final class TopicLoss {
    private static final Logger LOG = LoggerFactory.getLogger(TopicLoss.class);
    private static final String REPAIR = "once everything is published again run: "
            + Programs.command("verify --repair") + ", or " + Programs.command("resync");

    private final EventSink sink;
    private final CaptureMetrics metrics;

    TopicLoss(EventSink sink, CaptureMetrics metrics) {
        this.sink = sink;
        this.metrics = metrics;
    }

    /** Returns the checkpoint to publish from: the stored one, or an earlier one when the topic has lost records. */
    Checkpoint checkpoint(SourceSession session, Checkpoint stored) throws OutageException, InterruptedException {
        PublishedHistory history = session.history();
        // Later than what is stored: all that the checkpoint covers lies before it too.
        PublishedOffsets now = sink.takeUp();
        Set<String> replaced = replaced(history.last(), now);
        PublishedOffsets known = history.last().without(replaced);
        Set<Partition> lost = sink.lost(known);
        if (lost.isEmpty()) {
            history.beginAt(stored, now, Long.MAX_VALUE);
            return stored;
        }
        return goBack(history, stored, replaced, known, lost, now);
    }

    private static Set<String> replaced(PublishedOffsets known, PublishedOffsets now) {
        Set<String> replaced = known.replacedIn(now);
        if (!replaced.isEmpty()) {
            LOG.warn(
                    "the topic is not the one that was published to before: it was deleted and created again, or another is"
                            + " configured. Publishing goes on with the next change; what was on the old topic and not"
                            + " applied is not published again, {}. topics={}",
                    REPAIR,
                    replaced);
        }
        return replaced;
    }

    private Checkpoint goBack(
            PublishedHistory history,
            Checkpoint stored,
            Set<String> replaced,
            PublishedOffsets known,
            Set<Partition> lost,
            PublishedOffsets now)
            throws OutageException, InterruptedException {
        List<Remembered> remembered = history.remembered().stream()
                .filter(each -> known.replacedIn(each.published()).isEmpty())
                .toList();
        Optional<Remembered> sound = newestSound(remembered, replaced);
        long records = lost.stream()
                .mapToLong(partition -> known.last(partition).nextOffset()
                        - sound.map(each -> each.published().last(partition).nextOffset())
                                .orElse(0L))
                .sum();
        LOG.error(
                "the topic lost records that it had acknowledged: partitions={} records={} at most (a broker lost power or"
                        + " disk, or an unclean leader election cut it). Publishing again every change since {}; changes that"
                        + " come twice have no effect",
                lost,
                records,
                sound.map(each -> "the checkpoint of " + each.takenAt()).orElse("the beginning of the change table"));
        metrics.topicLost(records);
        Checkpoint target = sound.map(Remembered::checkpoint).orElse(history.beforeEverything());
        @Nullable Instant takenAt = sound.map(Remembered::takenAt).orElse(null);
        if (!history.holdsAllAfter(target, takenAt)) {
            LOG.error(
                    "not all that the topic lost can be published again: the retention has removed changes from the change"
                            + " table since; {}",
                    REPAIR);
            metrics.topicLossIncomplete();
        }
        long highest = stored.highestActionId();
        Checkpoint from = new Checkpoint(
                target.snapshot(),
                target.windowSnapshot(),
                target.windowSnapshot() == null ? highest : target.lastActionId(),
                highest);
        history.beginAt(from, now, sound.map(Remembered::number).orElse(0L));
        return from;
    }

    /** What was cut off is the end, so of two checkpoints the older one is sound where the newer one is: halving finds it. */
    private Optional<Remembered> newestSound(List<Remembered> newestFirst, Set<String> replaced)
            throws OutageException, InterruptedException {
        int unsound = 0;
        int sound = newestFirst.size();
        while (unsound < sound) {
            int middle = (unsound + sound) / 2;
            if (sink.lost(newestFirst.get(middle).published().without(replaced)).isEmpty()) {
                sound = middle;
            } else {
                unsound = middle + 1;
            }
        }
        return sound < newestFirst.size() ? Optional.of(newestFirst.get(sound)) : Optional.empty();
    }
}
