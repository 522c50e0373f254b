package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is written, the changes replay to the table. The seed is in the name of each failure; more runs with {@code
 * -Drowrelay.random.transactions=100000}, the same ones again with {@code -Drowrelay.random.seed=N}.
 */
@Timeout(600)
class CaptureRandomIT {
    private static final Replay ITEMS = new Replay("item", "item_cdc");
    private static final int TRANSACTIONS = Integer.getInteger("rowrelay.random.transactions", 600);
    private static final int SESSIONS = 4;
    // Serialization failure, deadlock, and what TRUNCATE and others answer to an old snapshot.
    private static final Set<String> EXPECTED_STATES = Set.of("40001", "40P01", "0A000", "55006");

    private static final String FORGET_OVERTAKEN_CHANGES =
            "DELETE FROM item_cdc o USING item_cdc n WHERE n.id = o.id AND n.action_id > o.action_id";

    private final long seed = Long.getLong("rowrelay.random.seed", System.nanoTime());
    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
    }

    private void setUp(boolean partitioned) throws SQLException {
        session.run(partitioned ? RandomWrites.SET_UP_PARTITIONS : RandomWrites.SET_UP);
        session.run(RandomWrites.HELPERS);
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @ParameterizedTest(name = "partitioned: {0}")
    @ValueSource(booleans = {false, true})
    void one_session_replays_after_each_transaction(boolean partitioned) throws SQLException {
        setUp(partitioned);
        RandomWrites writes = new RandomWrites(new Random(seed), partitioned);
        int transactions = partitioned ? TRANSACTIONS / 2 : TRANSACTIONS;
        for (int i = 0; i < transactions; i++) {
            String transaction = writes.transaction();
            run(session, transaction);

            assertThat(ITEMS.differences(session))
                    .as("seed %s, transaction %s:%n%s", seed, i, transaction)
                    .isEmpty();
            if (i % 50 == 0) {
                session.run(FORGET_OVERTAKEN_CHANGES);
            }
        }
        assertThat(session.value("SELECT max(action_id) > " + transactions / 2 + " FROM item_cdc"))
                .isEqualTo("t");
    }

    @ParameterizedTest(name = "partitioned: {0}")
    @ValueSource(booleans = {false, true})
    void several_sessions_at_once_replay_in_the_end(boolean partitioned) throws Exception {
        setUp(partitioned);
        ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
        try {
            for (int round = 0; round < 10; round++) {
                List<Callable<Void>> writers = new ArrayList<>();
                for (int i = 0; i < SESSIONS; i++) {
                    Random random = new Random(seed + 100L * round + i);
                    writers.add(() -> write(new RandomWrites(random, partitioned)));
                }
                for (Future<Void> writer : threads.invokeAll(writers)) {
                    writer.get();
                }
                assertThat(ITEMS.differences(session))
                        .as("seed %s, round %s", seed, round)
                        .isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Void write(RandomWrites writes) throws SQLException {
        try (Session writer = database.connect()) {
            writer.run("SET deadlock_timeout = '20ms'");
            for (int i = 0; i < TRANSACTIONS / 10 / SESSIONS; i++) {
                run(writer, writes.transaction());
            }
        }
        return null;
    }

    private static void run(Session session, String transaction) throws SQLException {
        try {
            session.run(transaction);
        } catch (SQLException e) {
            session.run("ROLLBACK");
            if (!EXPECTED_STATES.contains(e.getSQLState())) {
                throw new SQLException(e.getSQLState() + " " + e.getMessage() + " in " + transaction, e);
            }
        }
    }
}
