package io.rowrelay.sandbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads through the employees in the order of their ids, a part of the table at a time. For one thread. */
final class EmployeeCursor implements AutoCloseable {
    private static final int ROWS_AT_A_TIME = 5_000;
    private static final String QUERY = """
            SELECT emp_id, row(first_name, last_name, dob, city, salary)::text
              FROM employees
             ORDER BY emp_id
            """;

    /** The key behind the last row: larger than any. */
    private static final long END = Long.MAX_VALUE;

    private final Connection connection;
    private final Statement statement;
    private final ResultSet rows;
    private long key = Long.MIN_VALUE;
    private long count;

    private EmployeeCursor(Connection connection, Statement statement, ResultSet rows) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
    }

    /** A cursor at the first row; the connection belongs to it until it is closed. */
    static EmployeeCursor open(Connection connection) throws SQLException {
        // The driver reads a result in parts only within a transaction.
        connection.setAutoCommit(false);
        Statement statement = connection.createStatement();
        statement.setFetchSize(ROWS_AT_A_TIME);
        EmployeeCursor cursor = new EmployeeCursor(connection, statement, statement.executeQuery(QUERY));
        cursor.advance();
        return cursor;
    }

    boolean atEnd() {
        return key == END;
    }

    long key() {
        return key;
    }

    String row() throws SQLException {
        return rows.getString(2);
    }

    /** How many rows were passed. */
    long count() {
        return count;
    }

    /** Goes to the next row if this one has the key. */
    void skipPast(long passed) throws SQLException {
        if (key == passed) {
            count++;
            advance();
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void advance() throws SQLException {
        key = rows.next() ? rows.getLong(1) : END;
    }
}
