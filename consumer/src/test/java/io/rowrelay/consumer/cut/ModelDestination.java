package io.rowrelay.consumer.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.window.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A destination in memory that compares each state it is brought to with the source's. */
final class ModelDestination implements CutDestination {
    private final ModelStream stream;
    private final Random random;
    private final Set<Long> rows = new HashSet<>();
    CutProgress progress = new CutProgress(0, Snapshot.NOTHING, null, null, Map.of(), Map.of());
    /** One of so many calls fails. */
    int failsOneOf = Integer.MAX_VALUE;

    int transactions;
    int staged;
    boolean held;
    /** Whether the rows are to be those of the model. */
    boolean compares = true;

    ModelDestination(ModelStream stream, Random random) {
        this.stream = stream;
        this.random = random;
    }

    @Override
    public Optional<CutSession> tryOpen() {
        if (held) {
            return Optional.empty();
        }
        held = true;
        return Optional.of(new Session());
    }

    private void failSometimes() throws OutageException {
        if (random.nextInt(failsOneOf) == 0) {
            throw new OutageException("the destination is out", null);
        }
    }

    private final class Session implements CutSession {
        private final List<CutChange> waiting = new ArrayList<>();
        private @Nullable WindowId staging;

        @Override
        public CutProgress progress() {
            return progress;
        }

        @Override
        public Optional<Instant> brokenSince() {
            return Optional.empty();
        }

        @Override
        public Set<String> paused() {
            return Set.of();
        }

        @Override
        public CutOutcome apply(List<CutWindow> windows, CutProgress after) throws OutageException {
            failSometimes();
            Snapshot state = progress.applied();
            for (CutWindow window : windows) {
                assertThat(state.covers(window.cut().s1())).isTrue();
                write(state, window.changes());
                state = window.cut().s2();
            }
            commit(state, after);
            failSometimes();
            return CutOutcome.NOTHING;
        }

        private void write(Snapshot state, List<CutChange> changes) {
            for (CutChange change : changes) {
                if (!state.isVisible(change.xid())) {
                    boolean isNew = rows.add(ModelStream.id(change.record()));
                    assertThat(isNew || !compares).as("applied once").isTrue();
                }
            }
        }

        private void commit(Snapshot state, CutProgress after) {
            assertThat(after.applied()).isEqualTo(state);
            if (compares) {
                assertThat(rows).isEqualTo(stream.visible(state));
            }
            progress = after;
            transactions++;
        }

        @Override
        public void stage(WindowId window, List<CutChange> changes) throws OutageException {
            failSometimes();
            assertThat(staging == null || staging.equals(window)).isTrue();
            staging = window;
            staged += changes.size();
            waiting.addAll(changes);
        }

        @Override
        public CutOutcome applyStaged(Cut cut, CutProgress after) throws OutageException {
            failSometimes();
            assertThat(Objects.requireNonNull(staging)).isEqualTo(cut.window());
            assertThat(progress.applied().covers(cut.s1())).isTrue();
            write(progress.applied(), waiting);
            discardStaged();
            commit(cut.s2(), after);
            failSometimes();
            return CutOutcome.NOTHING;
        }

        @Override
        public void discardStaged() {
            staging = null;
            waiting.clear();
        }

        @Override
        public void close() {
            held = false;
        }
    }
}
