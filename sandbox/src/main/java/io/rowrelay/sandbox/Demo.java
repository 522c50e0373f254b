package io.rowrelay.sandbox;

import io.rowrelay.sandbox.load.LatencyRun;
import io.rowrelay.sandbox.load.Samples;
import io.rowrelay.sandbox.load.Schedule;
import io.rowrelay.sandbox.load.WrittenRows;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;

/** The scenarios, from the first row to the table of figures at the end. */
final class Demo {
    /** What each line of a progress bar of the commands ends with. */
    private static final String PROGRESS = "rows/s";

    private static final int FIRST_EMPLOYEES = 100;
    private static final int SALARY_LIMIT = 60_000;
    private static final int ROWS_PER_TRANSACTION = 500;
    private static final int STEADY_TRANSACTIONS_PER_SECOND = 200;
    private static final Duration STEADY_LENGTH = Duration.ofSeconds(10);
    private static final int WRITERS = 4;

    private final Sandbox sandbox;
    private final Screen screen;
    private final DemoDatabases databases;

    Demo(Sandbox sandbox, Screen screen, DemoDatabases databases) {
        this.sandbox = sandbox;
        this.screen = screen;
        this.databases = databases;
    }

    /** Runs all scenarios; whether source and destination were equal after each. */
    boolean run(long rows) throws SQLException {
        boolean equal = insertHundred();
        equal &= raiseFromSeveralSessions();
        equal &= dismiss();
        equal &= load(rows);
        equal &= steady();
        return equal;
    }

    private boolean insertHundred() throws SQLException {
        screen.title("1. %d employees by generate_series".formatted(FIRST_EMPLOYEES));
        int inserted = databases.change(Employees.insert(1, FIRST_EMPLOYEES));
        return showEquality("%d rows inserted in one statement".formatted(inserted));
    }

    private boolean raiseFromSeveralSessions() throws SQLException {
        screen.title("2. UPDATE employees SET salary = salary * 1.1 WHERE city = ..., from several sessions at once");
        List<String> raises =
                new ArrayList<>(Employees.CITIES.stream().map(Employees::raise).toList());
        // The first city gets two raises, so that two sessions meet at the same rows.
        raises.add(raises.get(0));
        int updated = Sessions.run(sandbox.source(), raises);
        return showEquality("%d rows updated by %d sessions".formatted(updated, raises.size()));
    }

    private boolean dismiss() throws SQLException {
        String statement = Employees.dismissBelow(SALARY_LIMIT);
        screen.title("3. " + statement);
        return showEquality("%d rows deleted".formatted(databases.change(statement)));
    }

    private boolean load(long rows) throws SQLException {
        screen.title("4. A larger load: %,d rows, %d to a transaction".formatted(rows, ROWS_PER_TRANSACTION));
        long startedNanos = System.nanoTime();
        BulkLoad load = new BulkLoad(sandbox.source(), databases, rows, ROWS_PER_TRANSACTION);
        try (ProgressBar bar = screen.progress("in the destination", rows, "rows")) {
            load.run(bar);
        }
        screen.endProgress();
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        return showEquality("%,d rows in %.1f s, %,.0f a second".formatted(rows, seconds, rows / seconds));
    }

    private boolean steady() throws SQLException {
        screen.title("5. %d single-row transactions a second for %d s"
                .formatted(STEADY_TRANSACTIONS_PER_SECOND, STEADY_LENGTH.toSeconds()));
        Schedule schedule = Schedule.steady(STEADY_TRANSACTIONS_PER_SECOND, Duration.ZERO, STEADY_LENGTH);
        int firstId = databases.reserveIds(schedule.transactions());
        Samples latencies;
        try (ProgressBar bar = screen.progress("seen in the destination", schedule.transactions(), "rows")) {
            latencies = LatencyRun.of(
                            new LatencyRun.Writing(
                                    sandbox.source()::connect, WrittenRows.EMPLOYEES, schedule, firstId, WRITERS),
                            sandbox.destination()::connect,
                            bar::stepTo)
                    .samples();
        }
        screen.endProgress();
        boolean equal = showEquality("%,d rows seen".formatted(latencies.count()));
        showFigures(latencies, equal);
        return equal;
    }

    /** Shows whether and when the destination has caught up, and what {@code verify} says then. */
    private boolean showEquality(String what) throws SQLException {
        Optional<Duration> waited = databases.awaitEqual();
        if (waited.isPresent()) {
            screen.good("%s%s", what, afterTheCommit(waited.get()));
        } else {
            screen.bad("%s, and the destination does not show the same after a minute", what);
        }
        DemoCommands.Outcome verify = sandbox.admin().run("verify");
        if (verify.good()) {
            screen.good(
                    "verify: %s",
                    verify.output()
                            .lines()
                            .filter(line -> !line.endsWith(PROGRESS))
                            .collect(Collectors.joining("; ")));
        } else {
            (verify.output() + verify.errors()).lines().forEach(line -> screen.bad("verify: %s", line));
        }
        return verify.good();
    }

    private static String afterTheCommit(Duration waited) {
        return waited.isZero() ? "" : ", visible " + Screen.millis(waited) + " after the commit";
    }

    private void showFigures(Samples latencies, boolean equal) {
        screen.title("In figures");
        screen.figure("equal row by row", "%s", equal ? "yes" : "NO");
        screen.figure("commit to visible, p50", "%s", percentile(latencies, 50));
        screen.figure("commit to visible, p99", "%s", percentile(latencies, 99));
        screen.figure("commit to visible, largest", "%s", percentile(latencies, 100));
        screen.info("The times are measured by this demo with connections of its own, from outside the daemons.");
        screen.title("$ " + sandbox.admin().commandLine("status"));
        DemoCommands.Outcome status = sandbox.admin().run("status");
        (status.output() + status.errors()).lines().forEach(line -> screen.info("%s", line));
    }

    private static String percentile(Samples latencies, double percent) {
        return latencies.count() == 0 ? "nothing seen" : Screen.millis(latencies.percentile(percent));
    }
}
