package io.rowrelay.it.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.consumer.cut.CutOutcome;
import io.rowrelay.consumer.cut.CutSession;
import io.rowrelay.consumer.cut.CutWindow;
import io.rowrelay.it.cut.SourceWindows.Read;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each state that is committed in the destination equals the source at that cut, whatever its sessions do at the same time, however
 * windows are cut, joined, sent again and overlapping, and whoever's constraints are in the way.
 */
@Timeout(600)
class CutRandomIT {
    private static final int RUNS = Integer.getInteger("rowrelay.cutRuns", 6);
    private static final int WINDOWS = 25;
    private static final int SESSIONS = 4;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void each_committed_state_is_one_that_the_source_had(boolean replica) throws Exception {
        try (CutPair pair = new CutPair(replica, RandomShop.tables(replica), RandomShop.NAMES)) {
            List<Read> windows = new ArrayList<>();
            long seed = Long.getLong("rowrelay.seed", System.nanoTime());
            try (CutSession session = pair.open();
                    Connection destination = pair.connectDestination();
                    SourceWindows source = new SourceWindows(pair.connectSource(), RandomShop.NAMES)) {
                for (int run = 0; run < RUNS; run++) {
                    Random random = new Random(seed + run);
                    List<Read> read = read(pair, source, random);
                    windows.addAll(read);
                    apply(session, destination, windows, windows.size() - read.size(), random);
                }
            }
            assertThat(pair.deadLetters()).isEmpty();
        }
    }

    /** Lets sessions write at random, and reads windows meanwhile. */
    private static List<Read> read(CutPair pair, SourceWindows source, Random random) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong statements = new AtomicLong();
        List<Thread> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            Random own = new Random(random.nextLong());
            Thread session = new Thread(() -> write(pair, own, stop, statements));
            session.start();
            sessions.add(session);
        }
        List<Read> windows = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            // In the midst of transactions: some statements more than at the last window.
            long enough = statements.get() + random.nextInt(60);
            await().pollInterval(Duration.ofMillis(1)).until(() -> statements.get() >= enough);
            windows.add(source.next());
        }
        stop.set(true);
        for (Thread session : sessions) {
            session.join();
        }
        windows.add(source.next());
        return windows;
    }

    private static void write(CutPair pair, Random random, AtomicBoolean stop, AtomicLong statements) {
        try (Connection connection = pair.connectSource()) {
            connection.setAutoCommit(false);
            CutPair.run(connection, "SET lock_timeout = 100; SET deadlock_timeout = 20");
            connection.commit();
            while (!stop.get()) {
                transaction(connection, random, statements);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void transaction(Connection connection, Random random, AtomicLong statements) throws SQLException {
        try {
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                statements.incrementAndGet();
                if (random.nextInt(4) == 0) {
                    inSavepoint(connection, random);
                } else {
                    CutPair.run(connection, RandomShop.next(random));
                }
            }
            if (random.nextInt(5) == 0) {
                connection.rollback();
            } else {
                connection.commit();
            }
        } catch (SQLException refused) {
            connection.rollback();
        }
    }

    private static void inSavepoint(Connection connection, Random random) throws SQLException {
        CutPair.run(connection, "SAVEPOINT one");
        try {
            CutPair.run(connection, RandomShop.next(random));
            CutPair.run(connection, random.nextInt(3) == 0 ? "ROLLBACK TO one" : "RELEASE one");
        } catch (SQLException refused) {
            CutPair.run(connection, "ROLLBACK TO one");
        }
    }

    /** One to four windows at a time; some are sent again, some overlap those that are applied. */
    private static void apply(CutSession session, Connection destination, List<Read> windows, int first, Random random)
            throws Exception {
        int next = first;
        while (next < windows.size()) {
            int last = Math.min(windows.size() - 1, next + random.nextInt(4));
            List<CutWindow> given = new ArrayList<>();
            int from = Math.max(0, next - random.nextInt(3));
            if (random.nextBoolean()) {
                given.add(joined(windows.subList(from, last + 1)));
            } else {
                windows.subList(from, last + 1).forEach(read -> given.add(read.window()));
            }

            CutOutcome outcome;
            if (random.nextInt(4) == 0) {
                CutWindow whole = joined(windows.subList(from, last + 1));
                session.stage(whole.cut().window(), whole.changes());
                outcome = session.applyStaged(whole.cut(), SourceWindows.after(whole));
            } else {
                outcome = session.apply(given, SourceWindows.after(given.get(given.size() - 1)));
            }

            assertThat(CutPair.content(destination, RandomShop.NAMES))
                    .as("after window %d, from %d", last, from)
                    .isEqualTo(windows.get(last).content());
            assertThat(outcome.rejected()).isZero();
            if (random.nextBoolean()) {
                Read old = windows.get(random.nextInt(last + 1));
                CutOutcome again = session.apply(List.of(old.window()), session.progress());
                assertThat(again.applied()).isZero();
            }
            next = last + 1;
        }
    }

    /** One window instead of several, as another session of the producer could have cut it. */
    private static CutWindow joined(List<Read> windows) {
        Cut first = windows.get(0).window().cut();
        Cut last = windows.get(windows.size() - 1).window().cut();
        Cut cut = new Cut(
                new WindowId(2, last.window().number()),
                last.source(),
                first.s1(),
                last.s2(),
                last.takenAt(),
                Map.of());
        return new CutWindow(
                cut,
                windows.stream()
                        .flatMap(read -> read.window().changes().stream())
                        .toList());
    }
}
