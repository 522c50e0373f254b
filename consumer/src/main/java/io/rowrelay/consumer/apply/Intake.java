package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** Takes records in: settles where each partition begins, polls, and has each record judged. Not thread-safe. */
final class Intake {
    /** A destination that is restored while nothing happens would not be noticed before the next record. */
    private static final Duration PROGRESS_CHECK_INTERVAL = Duration.ofSeconds(5);

    /** Large enough that a transaction more costs little, small enough that a poll has several of them. */
    private static final int PIECE = 1_000;

    private final ApplyPorts ports;
    private final Executor judges;
    private final LongSupplier nanoClock;
    private long progressCheckedAt;

    Intake(ApplyPorts ports, Executor judges, LongSupplier nanoClock) {
        this.ports = ports;
        this.judges = judges;
        this.nanoClock = nanoClock;
        this.progressCheckedAt = nanoClock.getAsLong();
    }

    /** What comes next, in one batch or several; those are judged while others are applied. Empty when nothing came for a moment. */
    List<Batch> next() throws OutageException {
        List<String> keyColumns = whileStayingInTheGroup(() -> {
            List<String> columns = ports.applier().keyColumns();
            checkProgressWhenDue();
            settle();
            return columns;
        });
        return polled(keyColumns);
    }

    /** The same while the batch before it is not finished, so that the destination's progress is behind what was polled. */
    List<Batch> further() throws OutageException {
        return polled(whileStayingInTheGroup(() -> {
            List<String> columns = ports.applier().keyColumns();
            settle();
            return columns;
        }));
    }

    private List<Batch> polled(List<String> keyColumns) throws OutageException {
        Poll poll = ports.stream().poll();
        List<Poll> pieces = Pieces.of(poll, PIECE);
        // A single piece has nothing to wait beside, and another thread would only make it late.
        Executor judge = pieces.size() == 1 ? Runnable::run : judges;
        return pieces.stream()
                .map(piece -> new Batch(piece, ports.reader(), keyColumns, judge))
                .toList();
    }

    /** The batch at hand, judged by what holds now. */
    Batch again(Batch held) throws OutageException {
        return held.again(ports.reader(), whileStayingInTheGroup(ports.applier()::keyColumns));
    }

    /** Work that needs the destination or the broker. */
    @FunctionalInterface
    private interface Preparation {
        List<String> keyColumns() throws OutageException;
    }

    private List<String> whileStayingInTheGroup(Preparation preparation) throws OutageException {
        try {
            return preparation.keyColumns();
        } catch (OutageException failure) {
            ports.stream().keepAlive();
            throw failure;
        }
    }

    private void settle() throws OutageException {
        List<PartitionFacts> unsettled = ports.stream().unsettled();
        if (unsettled.isEmpty()) {
            return;
        }
        Map<Integer, PartitionProgress> stored = ports.progress().load();
        Map<Integer, PartitionProgress> parted = ports.stream().parted(known(unsettled, stored));
        List<Beginning> beginnings = unsettled.stream()
                .map(facts -> Beginning.of(
                        facts,
                        Optional.ofNullable(stored.get(facts.partition())),
                        Optional.ofNullable(parted.get(facts.partition()))))
                .toList();
        ports.progress()
                .correct(beginnings.stream()
                        .map(Beginning::correction)
                        .flatMap(Optional::stream)
                        .toList());
        ports.stream().begin(beginnings);
        beginnings.forEach(BeginningReport::tell);
        ports.metrics().lost(beginnings.stream().mapToLong(Beginning::lost).sum());
        ports.metrics().cut((int) beginnings.stream()
                .filter(beginning -> beginning.finding() == Beginning.Finding.CUT)
                .count());
    }

    /** Those places of the destination that the topic of today could hold. */
    private static List<PartitionProgress> known(
            List<PartitionFacts> unsettled, Map<Integer, PartitionProgress> stored) {
        return unsettled.stream()
                .flatMap(facts -> Optional.ofNullable(stored.get(facts.partition()))
                        .filter(place -> place.topicId().equals(facts.topicId()) && place.nextOffset() > facts.first())
                        .stream())
                .toList();
    }

    private void checkProgressWhenDue() throws OutageException {
        if (nanoClock.getAsLong() - progressCheckedAt < PROGRESS_CHECK_INTERVAL.toNanos()) {
            return;
        }
        if (!ports.progress().covers(ports.stream().polled())) {
            ports.stream().unsettle();
        }
        progressCheckedAt = nanoClock.getAsLong();
    }
}
