package io.rowrelay.sandbox.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;

/** The drain while another transaction, which has written a row, stays open from before the first write until after the end. */
final class OpenTransaction extends Measurement {
    static final String NAME = "open-transaction";
    static final String RATIO = "a transaction open against none";

    private static final String NONE_OPEN = "none open";
    private static final String ONE_OPEN = "one open throughout";
    private static final int ROW_BEHIND_ALL_LOADS = 2_000_000_000;

    private final LoadFigures loads;

    OpenTransaction(Bed bed, Figures figures, Sizes sizes) {
        super(NAME, bed, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, false);
    }

    @Override
    int rounds(int wanted) {
        return even(wanted);
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayPipeline rowrelay = bed.rowrelay()) {
            rowrelay.start();
            rowrelay.awaitReady();
            Load first = warmUp(rowrelay).next(sizes.drainChanges());
            Iterator<Load> next =
                    List.of(first, first.next(sizes.drainChanges())).iterator();
            inTurns(
                    number,
                    () -> loads.measure(rowrelay, next.next(), NONE_OPEN),
                    () -> measureWithOneOpen(rowrelay, next.next()));
        }
    }

    @Override
    void conclude() {
        figures.addRatio(NAME, RATIO, figures.find(NAME, ONE_OPEN), figures.find(NAME, NONE_OPEN));
    }

    private void measureWithOneOpen(Pipeline pipeline, Load load) throws SQLException {
        try (Connection open = pipeline.databases().connectToSource()) {
            open.setAutoCommit(false);
            DatabasePair.execute(open, "INSERT INTO employees (emp_id) VALUES (" + ROW_BEHIND_ALL_LOADS + ")");
            loads.measure(pipeline, load, ONE_OPEN);
            open.commit();
        }
        verify(pipeline);
    }
}
