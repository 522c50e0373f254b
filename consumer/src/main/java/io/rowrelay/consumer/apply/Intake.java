package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.progress.Beginning;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.PartitionState;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Takes records in: settles where each partition begins, polls, and has each record validated. Not thread-safe. */
final class Intake {
    /** A destination that is restored while nothing happens would not be noticed before the next record. */
    private static final Duration PROGRESS_CHECK_INTERVAL = Duration.ofSeconds(5);

    private final ApplyPorts ports;
    private final HeldPartitions held;
    private final Executor validation;
    private final LongSupplier nanoClock;
    private long progressCheckedAt;

    Intake(ApplyPorts ports, HeldPartitions held, Executor validation, LongSupplier nanoClock) {
        this.ports = ports;
        this.held = held;
        this.validation = validation;
        this.nanoClock = nanoClock;
        this.progressCheckedAt = nanoClock.getAsLong();
    }

    /** What comes next, in one batch or several; those are validated while others are applied. Empty when nothing came for a moment. */
    List<Batch> next() throws OutageException {
        TableKeys keys = whileStayingInTheGroup(() -> {
            TableKeys known = ports.applier().keys();
            checkProgressWhenDue();
            settle();
            return known;
        });
        return polled(keys);
    }

    /** The same while the batch before it is not finished, so that the destination's progress is behind what was polled. */
    List<Batch> further() throws OutageException {
        return polled(whileStayingInTheGroup(() -> {
            TableKeys known = ports.applier().keys();
            settle();
            return known;
        }));
    }

    private List<Batch> polled(TableKeys keys) throws OutageException {
        Poll poll = ports.stream().poll();
        poll.unreadable().ifPresent(held::holdUnreadable);
        List<Poll> parts = poll.split(BatchSize.LARGEST);
        // A single one has nothing to wait beside, and another thread would only make it late.
        Executor validating = parts.size() == 1 ? Runnable::run : validation;
        return parts.stream()
                .map(part -> new Batch(part, ports.reader(), keys, validating))
                .toList();
    }

    /** The current batch, validated by what holds now. */
    Batch again(Batch held) throws OutageException {
        return held.again(ports.reader(), whileStayingInTheGroup(ports.applier()::keys));
    }

    /** Work that needs the destination or the broker. */
    @FunctionalInterface
    private interface Preparation {
        TableKeys keys() throws OutageException;
    }

    private TableKeys whileStayingInTheGroup(Preparation preparation) throws OutageException {
        try {
            return preparation.keys();
        } catch (OutageException failure) {
            ports.stream().keepAlive();
            throw failure;
        }
    }

    private void settle() throws OutageException {
        List<PartitionState> unsettled = ports.stream().unsettled();
        if (unsettled.isEmpty()) {
            return;
        }
        Map<Partition, PartitionProgress> stored = ports.progress().load();
        Map<Partition, PartitionProgress> truncated = ports.stream().truncated(comparable(unsettled, stored));
        List<Beginning> beginnings = unsettled.stream()
                .map(state -> Beginning.of(
                        state,
                        Optional.ofNullable(stored.get(state.partition())),
                        Optional.ofNullable(truncated.get(state.partition()))))
                .toList();
        ports.progress()
                .correct(beginnings.stream()
                        .filter(Beginning::isCorrection)
                        .collect(Collectors.toMap(beginning -> beginning.state().partition(), Beginning::progress)));
        ports.stream().begin(beginnings);
        held.begun(beginnings);
        beginnings.forEach(BeginningReport::tell);
        ports.metrics().lost(beginnings.stream().mapToLong(Beginning::lost).sum());
        ports.metrics().cut((int) beginnings.stream()
                .filter(beginning -> beginning.kind() == Beginning.Kind.CUT)
                .count());
    }

    /** The progress that the topic of today could hold. */
    private static Map<Partition, PartitionProgress> comparable(
            List<PartitionState> unsettled, Map<Partition, PartitionProgress> stored) {
        Map<Partition, PartitionProgress> comparable = new HashMap<>();
        for (PartitionState state : unsettled) {
            PartitionProgress progress = stored.get(state.partition());
            if (progress != null
                    && progress.topicId().equals(state.topicId())
                    && progress.nextOffset() > state.first()) {
                comparable.put(state.partition(), progress);
            }
        }
        return comparable;
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
