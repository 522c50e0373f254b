package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.load.Load;
import io.rowrelay.bench.load.TimedLoad;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.DatabasePair;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.TableChecksums;
import io.rowrelay.sandbox.load.LatencyRun;
import io.rowrelay.sandbox.load.Schedule;
import java.sql.SQLException;
import java.time.Duration;

/** Something that is measured in several rounds. */
public abstract class Measurement {
    /** How many write single rows. */
    static final int SESSIONS = 8;

    private static final int PRACTISED_RATE = 1_000;

    final BenchStack stack;
    final Figures figures;
    final Sizes sizes;

    private final String name;

    Measurement(String name, BenchStack stack, Figures figures, Sizes sizes) {
        this.name = name;
        this.stack = stack;
        this.figures = figures;
        this.sizes = sizes;
    }

    /** One of two things that are compared. */
    @FunctionalInterface
    interface Turn {
        void take() throws SQLException;
    }

    /** The name, by which it can be chosen. */
    public final String name() {
        return name;
    }

    /** How many rounds there are if this many are wanted. */
    int rounds(int wanted) {
        return wanted;
    }

    /** Measures once, everything that is to be compared in turns, verifies equality, and adds figures. */
    abstract void round(int number) throws SQLException;

    /** Adds the figures that follow from those of all rounds. */
    void conclude() {}

    /** An even number, where what comes first in one round comes second in the next. */
    static int even(int wanted) {
        return wanted == 1 ? 1 : wanted / 2 * 2;
    }

    /** What comes first in one round comes second in the next: the second finds another machine than the first. */
    static void inTurns(int round, Turn one, Turn other) throws SQLException {
        boolean odd = round % 2 == 1;
        (odd ? one : other).take();
        (odd ? other : one).take();
    }

    /** One load unmeasured, so that everything is compiled and every file is there; returns it. */
    final Load warmUp(Replication replication) throws SQLException {
        return warmUp(replication, sizes.warmUpChanges());
    }

    /** The same with another number of changes. */
    static Load warmUp(Replication replication, int changes) throws SQLException {
        Load load = new Load(1, changes);
        TimedLoad.run(replication, load);
        return load;
    }

    /**
     * Single rows for as long as the JVMs need to compile what small batches take: other ways than large ones. Returns the
     * next id.
     */
    final int practise(Replication replication, int firstId) throws SQLException {
        Schedule schedule = Schedule.steady(PRACTISED_RATE, Duration.ZERO, sizes.latencyWarmUp());
        latency(replication, schedule, firstId, SESSIONS);
        return firstId + schedule.transactions();
    }

    /** Single rows, and when each is visible in the destination. */
    static LatencyRun latency(Replication replication, Schedule schedule, int firstId, int sessions)
            throws SQLException {
        DatabasePair databases = replication.databases();
        return LatencyRun.of(
                new LatencyRun.Writing(
                        databases::connectToSource, databases.tables().rows(), schedule, firstId, sessions),
                databases::connectToDestination,
                seen -> replication.check());
    }

    /** Compares source and destination, and notes that they are equal; returns whether they were at the first look. */
    final boolean verify(Replication replication) throws SQLException {
        boolean atOnce = TableChecksums.awaitEqual(replication);
        figures.addEquality();
        return atOnce;
    }
}
