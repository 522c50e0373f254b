package io.rowrelay.sandbox;

import io.rowrelay.sandbox.daemon.SandboxException;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several database sessions at once. */
final class Sessions {
    private Sessions() {}

    /** Runs each statement in a session of its own, all at the same time, and returns the number of rows changed. */
    static int run(PostgresServer server, List<String> statements) throws SQLException {
        ExecutorService executor = Executors.newFixedThreadPool(statements.size());
        try {
            List<Future<Integer>> sessions = new ArrayList<>();
            for (String sql : statements) {
                sessions.add(executor.submit(() -> change(server, sql)));
            }
            int changed = 0;
            for (Future<Integer> session : sessions) {
                changed += result(session);
            }
            return changed;
        } finally {
            executor.shutdownNow();
        }
    }

    /** Waits for a session's result; what the session threw comes out as it was. */
    static <T> T result(Future<T> session) throws SQLException {
        try {
            return session.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException("A session failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while waiting for a database session");
        }
    }

    private static int change(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
