package io.rowrelay.sandbox.bench;

import java.sql.Connection;
import java.sql.SQLException;

/** The drain while another transaction, which has written a row, stays open from before the first write until after the end. */
final class OpenTransaction implements Measurement {
    static final String NAME = "open-transaction";
    static final String RATIO = "a transaction open against none";

    private static final String NONE_OPEN = "none open";
    private static final String ONE_OPEN = "one open throughout";
    private static final int ROW_BEHIND_ALL_LOADS = 2_000_000_000;

    private final Bed bed;
    private final Figures figures;
    private final LoadFigures loads;
    private final Sizes sizes;

    OpenTransaction(Bed bed, Figures figures, Sizes sizes) {
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
        try (RowrelayPipeline rowrelay = bed.rowrelay()) {
            rowrelay.start();
            rowrelay.awaitReady();
            Load warmUp = new Load(1, sizes.warmUpChanges());
            TimedLoad.run(rowrelay, warmUp);
            Load first = warmUp.next(sizes.drainChanges());
            Load second = first.next(sizes.drainChanges());
            // In turns: what comes second finds a warmer pipeline and a larger table.
            if (number % 2 == 1) {
                loads.measure(rowrelay, first, NONE_OPEN);
                measureWithOneOpen(rowrelay, second);
            } else {
                measureWithOneOpen(rowrelay, first);
                loads.measure(rowrelay, second, NONE_OPEN);
            }
        }
    }

    @Override
    public void conclude() {
        figures.addRatio(NAME, RATIO, figures.find(NAME, ONE_OPEN), figures.find(NAME, NONE_OPEN));
    }

    private void measureWithOneOpen(Pipeline pipeline, Load load) throws SQLException {
        try (Connection open = pipeline.databases().connectToSource()) {
            open.setAutoCommit(false);
            DatabasePair.execute(open, "INSERT INTO employees (emp_id) VALUES (" + ROW_BEHIND_ALL_LOADS + ")");
            loads.measure(pipeline, load, ONE_OPEN);
            open.commit();
        }
        Contents.awaitEqual(pipeline);
        figures.addEquality();
    }
}
