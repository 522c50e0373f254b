package io.rowrelay.it.chaos;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;

/** A session's open transaction: what it writes it tells the session's rows. Used by one thread. */
final class WriterTransaction {
    /** Every column follows from the stamp. */
    private static final String COLUMNS = "first_name, last_name, dob, city, salary";

    private static final String VALUES = "SELECT s::text, CASE WHEN s % 7 <> 0 THEN md5(s::text) END,"
            + " date '1970-01-01' + abs(s) % 20000, 'Zürich \"' || abs(s) % 50, abs(s) % 1000000 / 100.0"
            + " FROM (SELECT ?::integer AS s) AS stamp";

    private final Connection connection;
    private final OwnRows rows;
    private final History history;
    private final WriterSession session;

    WriterTransaction(Connection connection, OwnRows rows, History history, WriterSession session) {
        this.connection = connection;
        this.rows = rows;
        this.history = history;
        this.session = session;
    }

    OwnRows rows() {
        return rows;
    }

    /** Inserts rows in one statement; returns their stamp. */
    int insert(List<Integer> keys) throws SQLException {
        return insert(keys, history.nextStamp());
    }

    int insert(List<Integer> keys, int stamp) throws SQLException {
        run(
                "INSERT INTO employees (emp_id, " + COLUMNS + ") SELECT k, v.* FROM (" + VALUES
                        + ") AS v, unnest(?) AS k",
                keys,
                stamp);
        rows.write(keys, stamp);
        return stamp;
    }

    /** Updates rows in one statement; returns their stamp. */
    int update(List<Integer> keys) throws SQLException {
        return update(keys, history.nextStamp());
    }

    int update(List<Integer> keys, int stamp) throws SQLException {
        run("UPDATE employees SET (" + COLUMNS + ") = (" + VALUES + ") WHERE emp_id = ANY (?)", keys, stamp);
        rows.write(keys, stamp);
        return stamp;
    }

    /** Deletes rows in one statement. */
    void delete(List<Integer> keys) throws SQLException {
        run("DELETE FROM employees WHERE emp_id = ANY (?)", keys);
        rows.delete(keys);
    }

    /** Gives rows other keys, which must be free, in one statement. */
    void move(List<Integer> keys, int distance) throws SQLException {
        run("UPDATE employees SET emp_id = emp_id + ? WHERE emp_id = ANY (?)", keys, distance);
        rows.move(keys, distance);
    }

    /** The numbers are the first parameters, the keys are the last. */
    private void run(String sql, List<Integer> keys, int... numbers) throws SQLException {
        Array array = connection.createArrayOf("int4", keys.toArray());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < numbers.length; i++) {
                statement.setInt(i + 1, numbers[i]);
            }
            statement.setArray(numbers.length + 1, array);
            int touched = statement.executeUpdate();
            if (touched != keys.size()) {
                throw new IllegalStateException(touched + " rows instead of " + keys.size() + ": " + sql);
            }
        }
    }

    /** Does something behind a savepoint and takes it back. */
    void inVain(WriterSession.Work work) throws SQLException, InterruptedException {
        int mark = rows.mark();
        Savepoint savepoint = connection.setSavepoint();
        work.in(this);
        connection.rollback(savepoint);
        rows.backTo(mark);
    }

    /** Stays open meanwhile. */
    void hold(long millis) throws InterruptedException {
        session.pause(millis);
    }

    /** Loses its connection. */
    void die() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
        }
    }
}
