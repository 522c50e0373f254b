package io.rowrelay.it.random;

import java.util.Random;

/** Statements that write employees with few keys, so that they meet often. */
final class RandomStatement {
    private static final int KEYS = 6;

    private RandomStatement() {}

    static String next(Random random) {
        int a = key(random);
        int b = key(random);
        int value = random.nextInt(1000);
        return switch (random.nextInt(16)) {
            case 0, 1 -> "INSERT INTO employees (emp_id, city, salary) VALUES (%d, 'new', %d)".formatted(a, value);
            case 2 ->
                "INSERT INTO employees (emp_id, salary) SELECT n, n + %d FROM generate_series(1, %d) n ON CONFLICT DO NOTHING"
                        .formatted(value, KEYS);
            case 3, 4 ->
                ("INSERT INTO employees (emp_id, city, salary) SELECT n, 'upsert', %d FROM generate_series(%d, %d) n"
                                + " ON CONFLICT (emp_id) DO UPDATE SET city = EXCLUDED.city, salary = EXCLUDED.salary")
                        .formatted(value, Math.min(a, b), Math.max(a, b));
            case 5, 6 -> "UPDATE employees SET salary = %d WHERE emp_id = %d".formatted(value, a);
            case 7 -> "UPDATE employees SET city = 'bulk %d' WHERE emp_id %% 2 = %d".formatted(value, a % 2);
            case 8, 9 -> "DELETE FROM employees WHERE emp_id = " + a;
            case 10 -> "DELETE FROM employees WHERE emp_id %% 3 = %d".formatted(a % 3);
            case 11 -> move(a, b);
            case 12 -> move(a, 99) + "; " + move(b, a) + "; " + move(99, b);
            case 13 ->
                ("WITH gone AS (DELETE FROM employees WHERE emp_id = %d RETURNING salary)"
                                + " INSERT INTO employees (emp_id, city, salary) SELECT %d, 'moved', salary FROM gone"
                                + " ON CONFLICT (emp_id) DO UPDATE SET city = EXCLUDED.city")
                        .formatted(a, b);
            case 14 ->
                ("MERGE INTO employees e USING (SELECT n FROM generate_series(%d, %d) n) v ON e.emp_id = v.n"
                                + " WHEN MATCHED AND e.salary > 500 THEN DELETE"
                                + " WHEN MATCHED THEN UPDATE SET salary = e.salary + %d"
                                + " WHEN NOT MATCHED THEN INSERT (emp_id, city) VALUES (v.n, 'merged')")
                        .formatted(Math.min(a, b), Math.max(a, b), value);
            default -> value < 500 ? "TRUNCATE employees" : "UPDATE employees SET first_name = 'x' || emp_id";
        };
    }

    private static String move(int from, int to) {
        return "UPDATE employees SET emp_id = " + to + " WHERE emp_id = " + from;
    }

    private static int key(Random random) {
        return 1 + random.nextInt(KEYS);
    }
}
