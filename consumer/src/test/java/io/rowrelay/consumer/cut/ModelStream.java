package io.rowrelay.consumer.cut;

import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.CutRecord.Missing;
import io.rowrelay.stream.cut.CutRecord.Opened;
import io.rowrelay.stream.cut.WindowHeaders;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.json.CutJson;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.window.Snapshot;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A source of many tables, its producers and their topics, in memory. */
final class ModelStream {
    static final long SOURCE = 7;
    static final Partition CUTS = new Partition("shop.cuts", 0);

    private final Random random;
    private final Map<Partition, List<TopicRecord>> topics = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final TreeSet<Long> running = new TreeSet<>();
    private final List<Session> sessions = new ArrayList<>();
    private final int tables;
    private long nextXid = 3;
    private long storedEpoch;
    private Snapshot storedCheckpoint = Snapshot.NOTHING;
    private long seconds;

    /** A change of the source; the broker refuses some. */
    record Change(long id, long xid, Partition partition, boolean tooLarge) {}

    ModelStream(Random random, int tables) {
        this.random = random;
        this.tables = tables;
        topics.put(CUTS, new ArrayList<>());
        restartProducer();
    }

    Map<Partition, List<TopicRecord>> topics() {
        return topics;
    }

    /** The ids of the changes that a state shows, less those that the broker refuses. */
    Set<Long> visible(Snapshot state) {
        return changes.stream()
                .filter(change -> state.isVisible(change.xid()) && !change.tooLarge())
                .map(Change::id)
                .collect(Collectors.toSet());
    }

    static long id(TopicRecord record) {
        return ByteBuffer.wrap(record.value()).getLong();
    }

    Snapshot snapshot() {
        long oldest = running.isEmpty() ? nextXid : running.first();
        return new Snapshot(
                oldest, nextXid, running.stream().mapToLong(Long::longValue).toArray());
    }

    /** Begins or ends a transaction. */
    void write() {
        if (running.isEmpty() || random.nextInt(3) > 0) {
            running.add(nextXid);
            int count = random.nextInt(40) == 0 ? 60 : random.nextInt(4);
            for (int i = 0; i < count; i++) {
                Partition partition = new Partition("shop.t" + random.nextInt(tables), random.nextInt(2));
                changes.add(new Change(changes.size(), nextXid, partition, random.nextInt(200) == 0));
            }
            nextXid++;
        } else {
            running.remove(new ArrayList<>(running).get(random.nextInt(running.size())));
        }
    }

    void endAllTransactions() {
        running.clear();
    }

    /** One step of some producer that is still there. */
    void produce() {
        sessions.get(random.nextInt(sessions.size())).step();
    }

    /** What the newest producer has still to send. */
    void produceAll() {
        Session last = sessions.get(sessions.size() - 1);
        while (last.hasMore()) {
            last.step();
        }
    }

    /** The producer is killed, and what it had not sent yet is lost; some go on for a while, and do not know. */
    void restartProducer() {
        sessions.removeIf(session -> random.nextInt(4) > 0);
        storedEpoch++;
        sessions.add(new Session(storedEpoch, storedCheckpoint));
    }

    void endZombies() {
        sessions.subList(0, sessions.size() - 1).clear();
    }

    /** Somebody writes to a topic what is no producer's. */
    void writeForeign() {
        List<Partition> all = new ArrayList<>(topics.keySet());
        append(all.get(random.nextInt(all.size())), new byte[8], List.of());
    }

    void append(CutRecord record) {
        append(CUTS, CutJson.print(record), List.of());
    }

    void append(Partition partition, byte[] value, List<TopicRecord.Header> headers) {
        List<TopicRecord> log = topics.computeIfAbsent(partition, none -> new ArrayList<>());
        log.add(new TopicRecord(partition, log.size(), new byte[0], value, 0, headers));
    }

    /** A window that is sent, and the records of it that have not arrived. */
    private static final class Unacknowledged {
        private final Snapshot s2;
        private int left;

        private Unacknowledged(Snapshot s2) {
            this.s2 = s2;
        }
    }

    /** A session of a producer. */
    private final class Session {
        private final long epoch;
        private final Map<Partition, Deque<Runnable>> sending = new TreeMap<>();
        private final Deque<Unacknowledged> unacknowledged = new ArrayDeque<>();
        private long number;
        private Snapshot last;

        private Session(long epoch, Snapshot checkpoint) {
            this.epoch = epoch;
            this.last = checkpoint;
        }

        private boolean hasMore() {
            return !sending.isEmpty() || !snapshot().equals(last);
        }

        private void step() {
            if (!sending.isEmpty() && (unacknowledged.size() > 3 || random.nextInt(4) > 0)) {
                Partition partition = new ArrayList<>(sending.keySet()).get(random.nextInt(sending.size()));
                Deque<Runnable> queue = Objects.requireNonNull(sending.get(partition));
                queue.remove().run();
                if (queue.isEmpty()) {
                    sending.remove(partition);
                }
                acknowledge();
            } else {
                sendWindow();
            }
        }

        private void acknowledge() {
            while (!unacknowledged.isEmpty() && unacknowledged.peek().left == 0) {
                Unacknowledged done = unacknowledged.remove();
                if (epoch == storedEpoch) {
                    storedCheckpoint = done.s2;
                }
            }
        }

        private void sendWindow() {
            Snapshot s1 = last;
            Snapshot s2 = snapshot();
            WindowId id = new WindowId(epoch, ++number);
            last = s2;
            List<Change> window = changes.stream()
                    .filter(change -> s2.isVisible(change.xid()) && !s1.isVisible(change.xid()))
                    .toList();
            Unacknowledged open = new Unacknowledged(s2);
            unacknowledged.add(open);
            if (window.size() > 10) {
                send(open, CUTS, () -> append(new Opened(id, SOURCE, s1)));
            }
            Map<Partition, Long> counts = new HashMap<>();
            Map<Partition, Long> missing = new HashMap<>();
            for (Change change : window) {
                if (!change.tooLarge()) {
                    counts.merge(change.partition(), 1L, Long::sum);
                    send(
                            open,
                            change.partition(),
                            () -> append(
                                    change.partition(),
                                    ByteBuffer.allocate(8).putLong(change.id()).array(),
                                    new WindowHeaders("public.t", change.xid(), id).headers()));
                } else if (random.nextBoolean()) {
                    counts.merge(change.partition(), 1L, Long::sum);
                    missing.merge(change.partition(), 1L, Long::sum);
                }
            }
            Instant time = Instant.ofEpochSecond(seconds++);
            send(open, CUTS, () -> append(new Cut(id, SOURCE, s1, s2, time, counts)));
            if (!missing.isEmpty()) {
                send(open, CUTS, () -> append(new Missing(id, SOURCE, missing)));
            }
        }

        private void send(Unacknowledged window, Partition partition, Runnable record) {
            window.left++;
            sending.computeIfAbsent(partition, none -> new ArrayDeque<>()).add(() -> {
                record.run();
                window.left--;
            });
        }
    }

    /** All changes that are too large. */
    Set<Long> tooLarge() {
        return new HashSet<>(
                changes.stream().filter(Change::tooLarge).map(Change::id).toList());
    }
}
