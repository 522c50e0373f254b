package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.RowrelayReplication;
import java.sql.SQLException;

/** The drain with two consumers that share the topic's partitions, against one. */
public final class TwoConsumers extends Measurement {
    static final String NAME = "consumers";

    private static final String ONE = "one consumer";
    private static final String TWO = "two consumers";

    private final LoadFigures loads;

    public TwoConsumers(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, false);
    }

    @Override
    int rounds(int wanted) {
        return even(wanted);
    }

    @Override
    void round(int number) throws SQLException {
        inTurns(number, () -> measure(1, ONE), () -> measure(2, TWO));
    }

    @Override
    void conclude() {
        figures.addRatio(NAME, "two against one", figures.find(NAME, TWO), figures.find(NAME, ONE));
    }

    private void measure(int consumers, String name) throws SQLException {
        try (RowrelayReplication rowrelay = stack.rowrelay()) {
            rowrelay.start();
            for (int i = 1; i < consumers; i++) {
                rowrelay.addConsumer();
            }
            rowrelay.awaitReady();
            // The warm-up also lasts until the partitions are shared out.
            loads.measure(rowrelay, warmUp(rowrelay).next(sizes.drainChanges()), name);
            loads.addPeakMemory(rowrelay, name);
        }
    }
}
