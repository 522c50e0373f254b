package io.rowrelay.sandbox.bench;

import java.sql.SQLException;

/** The drain with two consumers that share the topic's partitions, against one. */
final class TwoConsumers extends Measurement {
    static final String NAME = "consumers";

    private static final String ONE = "one consumer";
    private static final String TWO = "two consumers";

    private final LoadFigures loads;

    TwoConsumers(Bed bed, Figures figures, Sizes sizes) {
        super(NAME, bed, figures, sizes);
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
        try (RowrelayPipeline rowrelay = bed.rowrelay()) {
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
