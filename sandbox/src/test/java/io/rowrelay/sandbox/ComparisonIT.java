package io.rowrelay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ComparisonIT {
    private static final String TABLE = """
            CREATE TABLE employees(
                emp_id serial PRIMARY KEY, first_name text, last_name text, dob date, city text, salary numeric(12,2))
            """;

    @Test
    void finds_rows_that_differ_or_that_only_one_side_has() throws Exception {
        try (Stack stack = Stack.builder().withoutTables().start();
                Connection source = prepared(stack.source());
                Connection destination = prepared(stack.destination())) {

            assertThat(Comparison.of(source, destination)).isEqualTo(new Comparison(10, 10, 0, List.of()));

            execute(source, "DELETE FROM employees WHERE emp_id = 3");
            execute(source, "UPDATE employees SET city = NULL WHERE emp_id = 5");
            execute(destination, "DELETE FROM employees WHERE emp_id = 7");

            assertThat(Comparison.of(source, destination)).isEqualTo(new Comparison(9, 9, 3, List.of(3L, 5L, 7L)));
        }
    }

    private static Connection prepared(PostgresServer server) throws SQLException {
        Connection connection = server.connect();
        execute(connection, TABLE);
        execute(connection, Employees.insert(1, 10));
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
