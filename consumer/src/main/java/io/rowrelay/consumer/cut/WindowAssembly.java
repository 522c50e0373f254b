package io.rowrelay.consumer.cut;

import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowHeaders;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.json.CutJson;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.window.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts windows together from records that come in any order between partitions, and in the order of the topic within one.
 *
 * <p>The applied state decides alone: a window follows when the applied state covers the state before it, and is over when it covers
 * the state after it. So windows that were sent again, and those of a producer that does not know that it has been replaced, do no
 * harm. Epochs only tell what need not be kept: when the cut topic tells of a newer one, what an older one sent without an end is
 * sent again under the newer.
 *
 * <p>Not thread-safe.
 */
final class WindowAssembly {
    private final Partition cutTopic;
    private final CutLimits limits;
    private final NavigableMap<WindowId, PendingWindow> pending = new TreeMap<>();
    /** Whose changes each topic has. */
    private final Map<String, String> tables = new HashMap<>();
    /** The window of the last record in each partition. */
    private final Map<Partition, WindowId> lastSeen = new HashMap<>();

    private long source;
    private Snapshot applied;
    private Instant appliedAt;
    /** Windows up to here are over, but for those of earlier epochs whose ends are known. */
    private @Nullable WindowId floor;
    /** The newest on the cut topic. */
    private long epoch;

    private long bytes;
    private long ends;
    /** The end of a window that is over by its number, and not by its states. */
    private @Nullable Cut passedOver;

    private @Nullable CutRecord strange;
    private List<TopicRecord.Header> lastHeaders = List.of();
    private Optional<WindowHeaders> lastRead = Optional.empty();

    /** Goes on behind what is applied; the cut topic has one partition. */
    WindowAssembly(CutProgress progress, Partition cutTopic, CutLimits limits) {
        this.cutTopic = cutTopic;
        this.limits = limits;
        this.source = progress.source();
        this.applied = progress.applied();
        this.appliedAt = time(progress);
        this.floor = progress.window();
        this.epoch = floor == null ? 0 : floor.epoch();
    }

    private static Instant time(CutProgress progress) {
        Instant taken = progress.takenAt();
        return taken == null ? Instant.EPOCH : taken;
    }

    /** Takes a record; returns it as rejected where it is no part of any window. */
    Optional<Rejected> take(TopicRecord record) {
        return record.partition().equals(cutTopic) ? takeCut(record) : takeChange(record);
    }

    private Optional<Rejected> takeChange(TopicRecord record) {
        if (record.headers() != lastHeaders) {
            lastHeaders = record.headers();
            lastRead = WindowHeaders.of(lastHeaders);
        }
        if (lastRead.isEmpty()) {
            return Optional.of(new Rejected(
                    record,
                    RejectionReason.ENVELOPE,
                    "its headers name no table, transaction and window, so the stream's producer has not written it",
                    "no window in its headers"));
        }
        WindowHeaders headers = lastRead.get();
        tables.putIfAbsent(record.partition().topic(), headers.table());
        lastSeen.put(record.partition(), headers.window());
        PendingWindow window = pending.get(headers.window());
        if (window == null && !isOver(headers.window())) {
            window = window(headers.window());
        }
        if (window != null) {
            bytes += window.take(new CutChange(record, headers.table(), headers.xid()));
        }
        return Optional.empty();
    }

    private boolean isOver(WindowId id) {
        return id.epoch() < epoch || (floor != null && id.compareTo(floor) <= 0);
    }

    private PendingWindow window(WindowId id) {
        return pending.computeIfAbsent(id, PendingWindow::new);
    }

    private Optional<Rejected> takeCut(TopicRecord record) {
        Optional<CutRecord> parsed = CutJson.parse(record.value());
        if (parsed.isEmpty()) {
            return Optional.of(new Rejected(
                    record,
                    RejectionReason.ENVELOPE,
                    "it is no record of a cut topic, so the stream's producer has not written it",
                    "no cut record"));
        }
        CutRecord about = parsed.get();
        if (source != 0 && about.source() != source) {
            strange = about;
            return Optional.empty();
        }
        begin(about.window().epoch());
        if (about instanceof Cut cut) {
            takeEnd(cut, record.offset());
        } else if (!isOver(about.window()) || pending.containsKey(about.window())) {
            window(about.window()).take(about, record.offset());
            dropOlder();
        }
        return Optional.empty();
    }

    /** What earlier epochs have sent without an end comes again. */
    private void begin(long newest) {
        if (newest > epoch) {
            epoch = newest;
            drop(pending.headMap(new WindowId(newest, 1)).values().stream()
                    .filter(each -> each.cut() == null)
                    .toList());
        }
    }

    private void takeEnd(Cut cut, long offset) {
        if (applied.covers(cut.s2()) && !isHeartbeat(cut)) {
            over(cut.window());
            return;
        }
        if (floor != null && cut.window().compareTo(floor) <= 0 && applied.covers(cut.s1())) {
            // Mostly of a producer that does not know that it has been replaced: the new one has sent it all again.
            passedOver = cut;
            return;
        }
        if (applied.covers(cut.s1()) && !cut.s2().covers(applied)) {
            strange = cut;
            return;
        }
        PendingWindow window = window(cut.window());
        ends += window.cut() == null ? 1 : 0;
        window.take(cut, offset);
        dropOlder();
    }

    /** Whether it says only that the state is still the same. */
    private boolean isHeartbeat(Cut cut) {
        return cut.counts().isEmpty()
                && cut.s2().covers(applied)
                && cut.takenAt().isAfter(appliedAt);
    }

    /** A window, and so all of its epoch before it. */
    private void over(WindowId id) {
        floor = floor == null || floor.compareTo(id) < 0 ? id : floor;
        drop(pending.headMap(id, true)
                .tailMap(new WindowId(id.epoch(), 1), true)
                .values());
        dropOlder();
    }

    /** Where the newest epoch goes on from what is applied, it sends all that older ones have not ended or brought. */
    private void dropOlder() {
        if (epoch == 0 || pending.isEmpty() || pending.firstKey().epoch() == epoch) {
            return;
        }
        WindowId first = new WindowId(epoch, 1);
        boolean goesOn = (floor != null && floor.epoch() == epoch)
                || pending.tailMap(first).values().stream().anyMatch(this::follows);
        if (goesOn) {
            drop(pending.headMap(first).values());
        }
    }

    private void drop(Collection<PendingWindow> windows) {
        for (PendingWindow each : List.copyOf(windows)) {
            pending.remove(each.id());
            bytes -= each.bytes();
            ends -= each.cut() == null ? 0 : 1;
        }
    }

    /** Whether it is the next one, complete or not. */
    private boolean follows(PendingWindow window) {
        Snapshot before = window.s1();
        return before != null && applied.covers(before);
    }

    /** Those of which one is the next. */
    List<PendingWindow> following() {
        return pending.values().stream().filter(this::follows).toList();
    }

    /** All of which something has come. */
    Collection<PendingWindow> pending() {
        return pending.values();
    }

    /** Windows that can be applied now, one after the other: a large one alone. */
    List<PendingWindow> ready() {
        List<PendingWindow> ready = new ArrayList<>();
        Snapshot state = applied;
        Instant time = appliedAt;
        long changes = 0;
        boolean more = ends > 0;
        while (more) {
            more = false;
            for (PendingWindow each : pending.values()) {
                Cut cut = each.cut();
                if (cut == null || !state.covers(cut.s1()) || !goesOn(cut, state, time) || !each.isComplete()) {
                    continue;
                }
                changes += each.changes().size();
                if (!ready.isEmpty() && (isLarge(each) || changes > limits.batchChanges())) {
                    return ready;
                }
                ready.add(each);
                if (isLarge(each)) {
                    return ready;
                }
                state = cut.s2();
                time = cut.takenAt();
                more = true;
            }
        }
        return ready;
    }

    private static boolean goesOn(Cut cut, Snapshot state, Instant time) {
        return cut.s2().covers(state)
                && (!state.covers(cut.s2())
                        || (cut.counts().isEmpty() && cut.takenAt().isAfter(time)));
    }

    /** Whether it waits in the destination, or has to. */
    boolean isLarge(PendingWindow window) {
        return window.staged() > 0
                || window.bytes() > limits.windowBytes()
                || window.changes().size() > limits.windowChanges();
    }

    /** The window of which changes are to be staged now, if there is one; of several, that of the newest epoch. */
    Optional<PendingWindow> toStage() {
        PendingWindow found = null;
        for (PendingWindow each : pending.values()) {
            if (isLarge(each) && follows(each)) {
                found = each;
            }
        }
        return Optional.ofNullable(found)
                .filter(large -> large.bytes() > limits.windowBytes() / 2
                        || large.changes().size() > limits.windowChanges() / 2
                        || (large.isComplete() && !large.changes().isEmpty()));
    }

    /** The destination has applied these windows. */
    void applied(List<PendingWindow> windows, CutProgress progress) {
        source = progress.source();
        applied = progress.applied();
        appliedAt = time(progress);
        windows.forEach(each -> over(each.id()));
        for (PendingWindow each : List.copyOf(pending.values())) {
            Cut cut = each.cut();
            if (cut != null && applied.covers(cut.s2()) && !isHeartbeat(cut)) {
                over(cut.window());
            }
        }
    }

    /** Changes of this window are in the destination now. */
    void staged(PendingWindow window) {
        bytes -= window.bytes();
        window.nowStaged();
    }

    /** From where reading would go on if these windows were applied and everything else had to be read again. */
    Map<Partition, Long> nextOffsets(Map<Partition, Long> positions, List<PendingWindow> done) {
        Map<Partition, Long> next = new HashMap<>(positions);
        Set<PendingWindow> gone = new HashSet<>(done);
        for (PendingWindow each : pending.values()) {
            if (!gone.contains(each)) {
                each.firstOffsets().forEach((partition, offset) -> next.merge(partition, offset, Math::min));
                if (each.cutTopicOffset() != Long.MAX_VALUE) {
                    next.merge(cutTopic, each.cutTopicOffset(), Math::min);
                }
            }
        }
        return next;
    }

    /** The partitions that have records of windows that are to be applied. */
    Set<Partition> partitions() {
        Set<Partition> named = new HashSet<>();
        pending.values().forEach(each -> named.addAll(each.partitions()));
        return named;
    }

    /**
     * The partitions to be left alone for now: those that bring only later windows, while enough of these wait.
     *
     * @param read all that are read
     * @param stuck whether only something further on can help
     */
    Set<Partition> resting(Collection<Partition> read, boolean stuck) {
        boolean full = bytes > limits.waitingBytes();
        long ahead = stuck ? limits.cutsAhead() * 20L : limits.cutsAhead();
        if (!full && ends <= ahead) {
            return Set.of();
        }
        List<PendingWindow> next = following();
        Set<Partition> resting = new HashSet<>();
        for (Partition each : read) {
            boolean rests = each.equals(cutTopic)
                    ? ends > ahead
                    : full && next.stream().noneMatch(window -> window.toCome(each) > 0 && !hasPassed(each, window));
            if (rests) {
                resting.add(each);
            }
        }
        return resting;
    }

    /** Whether the partition has come to what lies behind the window. */
    boolean hasPassed(Partition partition, PendingWindow window) {
        WindowId last = lastSeen.get(partition);
        return last != null && last.compareTo(window.id()) > 0;
    }

    /** The end of a window that follows and counts as over by its number; null when there is none. */
    @Nullable
    Cut passedOver() {
        Cut cut = passedOver;
        return cut != null && !applied.covers(cut.s2()) ? cut : null;
    }

    /** A record of the cut topic that does not go with what is applied; null when none has come. */
    @Nullable
    CutRecord strange() {
        return strange;
    }

    /** The state that the destination shows. */
    Snapshot applied() {
        return applied;
    }

    /** The cluster that it comes from; 0 while that is not known. */
    long source() {
        return source;
    }

    /** How many changes of each table wait: those of the windows, and those in topics of which something was read. */
    Map<String, Long> waiting(Map<String, Long> behind) {
        Map<String, Long> counts = new HashMap<>();
        pending.values().forEach(each -> each.countByTable(counts));
        behind.forEach((topic, count) -> {
            String table = tables.get(topic);
            if (table != null) {
                counts.merge(table, count, Long::sum);
            }
        });
        return counts;
    }

    /** Whether changes of a window wait in the destination. */
    boolean isStaging() {
        return pending.values().stream().anyMatch(each -> each.staged() > 0);
    }

    /** Whether windows wait whose ends are known. */
    boolean hasEnds() {
        return ends > 0;
    }

    /** Whether something of the window has come, and it is not over. */
    boolean has(WindowId window) {
        return pending.containsKey(window);
    }
}
