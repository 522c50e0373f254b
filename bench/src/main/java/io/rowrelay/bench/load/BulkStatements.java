package io.rowrelay.bench.load;

import io.rowrelay.bench.replication.DatabasePair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Statements of ten thousand rows: an INSERT, then an UPDATE and a DELETE of the same rows. */
public final class BulkStatements {
    private static final int ROWS = 10_000;

    /** Far from the ids that other sessions draw from the sequence. */
    private static final int FIRST_ID = 1_000_000_000;

    private static final Map<String, String> STATEMENTS = statements();

    private BulkStatements() {}

    /** What each statement took with its commit, in milliseconds. */
    public static Map<String, Double> run(Connection source) throws SQLException {
        Map<String, Double> millis = new LinkedHashMap<>();
        for (Map.Entry<String, String> statement : STATEMENTS.entrySet()) {
            long startNanos = System.nanoTime();
            DatabasePair.execute(source, statement.getValue());
            millis.put(statement.getKey(), (System.nanoTime() - startNanos) / 1e6);
        }
        return millis;
    }

    private static Map<String, String> statements() {
        Map<String, String> statements = new LinkedHashMap<>();
        int last = FIRST_ID + ROWS - 1;
        statements.put("INSERT", """
                INSERT INTO employees (emp_id, first_name, last_name, dob, city, salary)
                SELECT n, 'Bulk', 'Row ' || n, DATE '1990-01-01', 'Lima', 70000
                  FROM generate_series(%d, %d) AS n
                """.formatted(FIRST_ID, last));
        String rows = " WHERE emp_id BETWEEN %d AND %d".formatted(FIRST_ID, last);
        statements.put("UPDATE", "UPDATE employees SET salary = salary * 1.1" + rows);
        statements.put("DELETE", "DELETE FROM employees" + rows);
        return statements;
    }
}
