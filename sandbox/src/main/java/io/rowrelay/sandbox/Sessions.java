package io.rowrelay.sandbox;

import io.rowrelay.sandbox.load.ConcurrentTasks;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Several database sessions at once. */
final class Sessions {
    private Sessions() {}

    /** Runs each statement in a session of its own, all at the same time, and returns the number of rows changed. */
    static int run(PostgresServer server, List<String> statements) throws SQLException {
        List<Callable<Integer>> sessions = new ArrayList<>();
        statements.forEach(sql -> sessions.add(() -> change(server, sql)));
        return ConcurrentTasks.run(sessions).stream()
                .mapToInt(changed -> changed)
                .sum();
    }

    private static int change(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
