package io.rowrelay.sandbox.bench;

import java.sql.SQLException;

/** The drain with two consumers that share the topic's partitions, against one. */
final class TwoConsumers implements Measurement {
    static final String NAME = "consumers";

    private static final String ONE = "one consumer";
    private static final String TWO = "two consumers";

    private final Bed bed;
    private final Figures figures;
    private final LoadFigures loads;
    private final Sizes sizes;

    TwoConsumers(Bed bed, Figures figures, Sizes sizes) {
        this.bed = bed;
        this.figures = figures;
        this.loads = new LoadFigures(NAME, figures, false);
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int rounds(int wanted) {
        return Measurement.even(wanted);
    }

    @Override
    public void round(int number) throws SQLException {
        // In turns, as the machine may become slower.
        if (number % 2 == 1) {
            measure(1, ONE);
            measure(2, TWO);
        } else {
            measure(2, TWO);
            measure(1, ONE);
        }
    }

    @Override
    public void conclude() {
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
            Load warmUp = new Load(1, sizes.warmUpChanges());
            TimedLoad.run(rowrelay, warmUp);
            loads.measure(rowrelay, warmUp.next(sizes.drainChanges()), name);
            loads.addPeakMemory(rowrelay, name);
        }
    }
}
