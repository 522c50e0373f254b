package io.rowrelay.it.admin;

import io.rowrelay.it.random.RandomSession;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Sessions of an application that write employees until they are closed. */
final class Writers implements AutoCloseable {
    private static final int LOCK_TIMEOUT_MILLIS = 5_000;

    /** Without one, two sessions on a fast machine outrun the daemons, and what waits for them waits longer and longer. */
    private static final long PACE_NANOS = 4_000_000;

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean enough;

    private Writers() {}

    /**
     * Two sessions that leave the rows above the given id alone: updates, deletions, insertions, other keys, and one row that
     * never rests.
     */
    static Writers below(int id, Pipeline pipeline) {
        return of(2, pipeline, random -> {
            int some = random.nextInt(id);
            return switch (random.nextInt(5)) {
                case 0 -> "UPDATE employees SET salary = salary + 1 WHERE emp_id = 1";
                case 1 ->
                    "UPDATE employees SET city = 'c%d' WHERE emp_id BETWEEN %d AND %d"
                            .formatted(some, some, Math.min(id - 1, some + 20));
                case 2 ->
                    "DELETE FROM employees WHERE emp_id BETWEEN %d AND %d AND emp_id < %d"
                            .formatted(some, some + 3, id);
                case 3 ->
                    "UPDATE employees SET emp_id = %d WHERE emp_id = %d AND NOT EXISTS (SELECT FROM employees WHERE emp_id = %1$d)"
                            .formatted(some, random.nextInt(id));
                default ->
                    "INSERT INTO employees (emp_id, salary) SELECT n, 0 FROM generate_series(%d, %d) n ON CONFLICT DO NOTHING"
                            .formatted(some, Math.min(id - 1, some + 5));
            };
        });
    }

    /** Sessions that do one statement after the other. */
    static Writers of(int sessions, Pipeline pipeline, Next next) {
        Writers writers = new Writers();
        for (int number = 0; number < sessions; number++) {
            writers.start(pipeline, next);
        }
        return writers;
    }

    /** Sessions that do anything to few rows, in transactions that are sometimes long, rolled back or prepared. */
    static Writers random(int sessions, Pipeline pipeline) {
        Writers writers = new Writers();
        for (int number = 0; number < sessions; number++) {
            Random random = new Random(number);
            String name = "writer-" + number;
            writers.run(name, running -> {
                try (RandomSession session =
                        new RandomSession(name, pipeline.sourceUrl(), LOCK_TIMEOUT_MILLIS, statement -> {})) {
                    while (!writers.enough) {
                        session.step(random);
                    }
                    session.end(random);
                } catch (SQLException failure) {
                    throw new IllegalStateException(failure);
                }
            });
        }
        return writers;
    }

    /** What a session does next. */
    @FunctionalInterface
    interface Next {
        String statement(Random random);
    }

    private void start(Pipeline pipeline, Next next) {
        Random random = new Random(threads.size());
        run("writer-" + threads.size(), running -> {
            try (Connection connection = Databases.connect(pipeline.sourceUrl())) {
                while (!enough) {
                    tryOut(connection, next.statement(random));
                    LockSupport.parkNanos(PACE_NANOS);
                }
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    /** Two sessions can be each other's deadlock, or insert one key. */
    private static void tryOut(Connection connection, String statement) {
        try {
            Databases.execute(connection, statement);
        } catch (IllegalStateException refused) {
            if (!(refused.getCause() instanceof SQLException sql)
                    || !List.of("40P01", "23505").contains(String.valueOf(sql.getSQLState()))) {
                throw refused;
            }
        }
    }

    private void run(String name, Consumer<Writers> body) {
        Thread thread = new Thread(() -> body.accept(this), name);
        threads.add(thread);
        thread.start();
    }

    @Override
    public void close() throws InterruptedException {
        enough = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
