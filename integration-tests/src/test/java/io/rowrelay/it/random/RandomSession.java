package io.rowrelay.it.random;

import io.rowrelay.it.stack.Databases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A session on the source that does something random with few rows at each step: it begins, writes, sets savepoints,
 * commits, rolls back, prepares. A statement that fails or waits too long for a lock is rolled back. Not thread-safe.
 */
public final class RandomSession implements AutoCloseable {
    private static final int DEEPEST_SAVEPOINT = 3;

    private final String name;
    private final Connection connection;
    private final Consumer<String> history;
    private Random random = new Random();
    private boolean inTransaction;
    private int savepoints;
    private int prepared;

    /** Waits for locks at most as long as given; tells {@code history} each statement. */
    public RandomSession(String name, String url, int lockTimeoutMillis, Consumer<String> history) {
        this.name = name;
        this.history = history;
        this.connection = Databases.connect(url);
        Databases.execute(connection, "SET lock_timeout = " + lockTimeoutMillis);
    }

    /** Does something. */
    public void step(Random with) {
        random = with;
        int choice = random.nextInt(100);
        if (!inTransaction) {
            stepOutside(choice);
        } else if (choice < 60) {
            write();
        } else if (choice < 70 && savepoints < DEEPEST_SAVEPOINT) {
            run("SAVEPOINT s" + ++savepoints);
        } else if (choice < 78 && savepoints > 0) {
            run("ROLLBACK TO SAVEPOINT s" + savepoints);
        } else if (choice < 82 && savepoints > 0) {
            run("RELEASE SAVEPOINT s" + savepoints--);
        } else {
            end(with);
        }
    }

    private void stepOutside(int choice) {
        if (choice < 50) {
            write();
        } else {
            inTransaction = true;
            run(choice < 90 ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ");
            if (choice % 2 == 0) {
                run("SELECT pg_current_xact_id()");
            }
        }
    }

    /** Ends the transaction, if there is one, one way or the other. */
    public void end(Random with) {
        if (!inTransaction) {
            return;
        }
        int choice = with.nextInt(10);
        if (choice < 6) {
            run("COMMIT");
        } else if (choice < 8) {
            run("ROLLBACK");
        } else {
            prepare(choice == 8);
        }
        inTransaction = false;
        savepoints = 0;
    }

    private void prepare(boolean commit) {
        String id = "'" + name + "-" + ProcessHandle.current().pid() + "-" + ++prepared + "'";
        if (run("PREPARE TRANSACTION " + id)) {
            run((commit ? "COMMIT" : "ROLLBACK") + " PREPARED " + id);
        }
    }

    private void write() {
        if (run(RandomStatement.next(random)) || !inTransaction) {
            return;
        }
        if (savepoints > 0 && random.nextBoolean()) {
            run("ROLLBACK TO SAVEPOINT s" + savepoints);
        } else {
            run("ROLLBACK");
            inTransaction = false;
            savepoints = 0;
        }
    }

    private boolean run(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            history.accept(name + ": " + sql);
            return true;
        } catch (SQLException refused) {
            history.accept(name + ": " + sql + " -- refused, " + refused.getSQLState());
            return false;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
