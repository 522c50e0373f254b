package io.rowrelay.bench.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Changes made by one session as fast as it can, in statements of a thousand rows, each a transaction: half of them
 * INSERTs, two fifths UPDATEs and a tenth DELETEs of rows that it has inserted.
 *
 * @param firstId the id of the first row inserted
 * @param changes how many changes, a multiple of ten
 */
public record Load(int firstId, int changes) implements Workload {
    private static final int ROWS_PER_STATEMENT = 1_000;

    private static final String INSERT = """
            INSERT INTO employees (emp_id, first_name, last_name, dob, city, salary)
            SELECT n, (ARRAY['Ada', 'Grace', 'Edsger', 'Barbara', 'Tony', 'Frances', 'Alan'])[1 + n % 7],
                   'Employee ' || n, DATE '1960-01-01' + n % 16000,
                   (ARRAY['Lisbon', 'Oslo', 'Zagreb', 'Nairobi', 'Hanoi'])[1 + n % 5], 45000 + n % 60000 + 0.25
              FROM generate_series(?, ?) AS n
            """;
    private static final String UPDATE =
            "UPDATE employees SET salary = salary * 1.1, city = 'Lima' WHERE emp_id BETWEEN ? AND ?";
    private static final String DELETE = "DELETE FROM employees WHERE emp_id BETWEEN ? AND ?";

    /** Whether the last UPDATE and the last DELETE are visible; each spreads over all partitions of the topic. */
    private static final String ARRIVED = """
            SELECT (SELECT count(*) FROM employees WHERE emp_id BETWEEN ? AND ? AND city = 'Lima') = ?
                   AND NOT EXISTS (SELECT FROM employees WHERE emp_id BETWEEN ? AND ?)
            """;

    public Load {
        if (changes % 10 != 0 || changes <= 0) {
            throw new IllegalArgumentException("Not a multiple of ten: " + changes);
        }
    }

    /** The load after this one in the same table. */
    public Load next(int followingChanges) {
        return new Load(firstId + inserts(), followingChanges);
    }

    @Override
    public void write(Connection source) throws SQLException {
        int firstDeleted = firstId + inserts() - deletes();
        run(source, INSERT, firstId, firstId + inserts() - 1);
        run(source, UPDATE, firstId, firstId + updates() - 1);
        run(source, DELETE, firstDeleted, firstDeleted + deletes() - 1);
    }

    /**
     * A statement that asks, at little cost, whether everything is there. It takes for granted that the changes of each
     * partition become visible in order; so it is only a sign that it is time to compare the contents.
     */
    @Override
    public PreparedStatement arrived(Connection destination) throws SQLException {
        int lastUpdated = firstId + updates() - 1;
        int lastDeleted = firstId + inserts() - 1;
        int rowsUpdated = Math.min(updates(), ROWS_PER_STATEMENT);
        PreparedStatement statement = destination.prepareStatement(ARRIVED);
        statement.setInt(1, lastUpdated - rowsUpdated + 1);
        statement.setInt(2, lastUpdated);
        statement.setInt(3, rowsUpdated);
        statement.setInt(4, lastDeleted - Math.min(deletes(), ROWS_PER_STATEMENT) + 1);
        statement.setInt(5, lastDeleted);
        return statement;
    }

    private int inserts() {
        return changes / 2;
    }

    private int updates() {
        return changes / 10 * 4;
    }

    private int deletes() {
        return changes / 10;
    }

    private static void run(Connection source, String sql, int first, int last) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement(sql)) {
            for (int from = first; from <= last; from += ROWS_PER_STATEMENT) {
                statement.setInt(1, from);
                statement.setInt(2, Math.min(from + ROWS_PER_STATEMENT - 1, last));
                statement.executeUpdate();
            }
        }
    }
}
