package io.rowrelay.consumer.cut;

import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.record.Partition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why no window can be applied although some wait: what is missing, and what to do. */
final class CutTrouble {
    private static final int SHOWN = 3;

    private final WindowAssembly assembly;
    private final CutFeed feed;

    CutTrouble(WindowAssembly assembly, CutFeed feed) {
        this.assembly = assembly;
        this.feed = feed;
    }

    /**
     * In words; empty where all is well, or what is missing may still come.
     *
     * @param isQuiet whether nothing has come for long
     */
    Optional<String> text(boolean isQuiet) {
        CutRecord strange = assembly.strange();
        if (strange != null) {
            return Optional.of(strange(strange));
        }
        Cut passedOver = assembly.passedOver();
        if (passedOver != null && assembly.following().isEmpty()) {
            return Optional.of("the producer numbers its windows from an earlier number on (" + passedOver.window()
                    + "): the stream was installed in the source again." + repair());
        }
        List<PendingWindow> waiting =
                assembly.pending().stream().filter(each -> each.cut() != null).toList();
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        List<PendingWindow> following = assembly.following();
        if (following.isEmpty()) {
            return Optional.of(gap(waiting.get(0)));
        }
        boolean mayCome = following.stream().anyMatch(each -> mayComplete(each, isQuiet));
        return mayCome ? Optional.empty() : Optional.of(incomplete(following.get(following.size() - 1)));
    }

    private String strange(CutRecord record) {
        String came = "record " + record.window() + " of topic " + feed.cutTopic();
        return record.source() == assembly.source() || assembly.source() == 0
                ? came + " is of a state of the source that is neither before nor behind the one that is applied ("
                        + assembly.applied() + "): the source was restored." + repair()
                : came + " is from the cluster with system identifier " + Long.toUnsignedString(record.source())
                        + ", and what is applied from " + Long.toUnsignedString(assembly.source())
                        + ": the source was replaced." + repair();
    }

    private String gap(PendingWindow next) {
        return "windows are missing on topic " + feed.cutTopic() + ": what is applied shows the source as of "
                + assembly.applied() + ", and the next window, " + next.id() + ", begins at " + next.s1()
                + ". The changes in between are lost." + losses() + repair();
    }

    private boolean mayComplete(PendingWindow window, boolean isQuiet) {
        Map<Partition, Long> differences = window.differences();
        boolean tooMany = differences.values().stream().anyMatch(difference -> difference < 0);
        return !tooMany
                && differences.keySet().stream()
                        .noneMatch(each -> isQuiet || feed.isAtEnd(each) || assembly.hasPassed(each, window));
    }

    private String incomplete(PendingWindow window) {
        Map<Partition, Long> differences = window.differences();
        String shown = differences.entrySet().stream()
                .limit(SHOWN)
                .map(each -> difference(window, each.getKey(), each.getValue()))
                .collect(Collectors.joining(", "));
        Cut cut = window.cut();
        return "window " + window.id() + (cut == null ? "" : " of " + cut.takenAt()) + " is not complete: " + shown
                + (differences.size() > SHOWN ? " and " + (differences.size() - SHOWN) + " partitions more" : "") + "."
                + losses() + " Where the producer still waits for a broker, this ends by itself; otherwise changes are"
                + " lost." + repair();
    }

    private static String difference(PendingWindow window, Partition partition, long difference) {
        Cut cut = window.cut();
        long counted = cut == null ? 0 : cut.counts().getOrDefault(partition, 0L);
        return difference > 0
                ? difference + " of " + counted + " records of partition " + partition + " are missing"
                : "partition " + partition + " has " + -difference + " records more than the producer counted";
    }

    private String losses() {
        List<String> losses = feed.losses();
        return losses.isEmpty() ? "" : " " + String.join("; ", losses) + ".";
    }

    private static String repair() {
        return " What to do: " + Programs.command("resync")
                + " copies the tables again, and the consumer goes on behind it";
    }
}
