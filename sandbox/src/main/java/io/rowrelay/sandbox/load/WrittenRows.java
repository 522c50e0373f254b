package io.rowrelay.sandbox.load;

import java.util.List;

/**
 * What single transactions write, and how it is seen in the destination.
 *
 * @param writes statements that each are a transaction, with the id of its row as parameter; transactions take turns with them
 * @param look returns, in their order, the ids from a parameter on that the first of these statements has written
 */
public record WrittenRows(List<String> writes, String look) {
    /** The table of the demo. */
    public static final WrittenRows EMPLOYEES =
            new WrittenRows(List.of("""
                    INSERT INTO employees (emp_id, first_name, last_name, dob, city, salary)
                    VALUES (?, 'Steady', 'Worker', DATE '1990-01-01', 'Lima', 70000)
                    """), "SELECT emp_id FROM employees WHERE emp_id >= ? ORDER BY emp_id");

    public WrittenRows {
        writes = List.copyOf(writes);
    }

    String write(int transaction) {
        return writes.get(transaction % writes.size());
    }

    /** Whether the destination is looked at for the row of a transaction. */
    boolean isSeen(int transaction) {
        return transaction % writes.size() == 0;
    }
}
