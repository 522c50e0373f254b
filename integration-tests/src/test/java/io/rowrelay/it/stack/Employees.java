package io.rowrelay.it.stack;

/** Rows of the shipped table, for tests that do not care what is in them. */
public final class Employees {
    private Employees() {}

    /** Inserts so many rows in one statement; the database numbers them. */
    public static void insert(String url, int rows) {
        Databases.execute(
                url,
                "INSERT INTO employees (first_name, city) SELECT 'n' || n, 'Oslo' FROM generate_series(1, " + rows
                        + ") n");
    }

    /** Inserts rows with these keys, the last one included, and nothing else in them, in one statement. */
    public static void insertKeys(String url, int first, int last) {
        Databases.execute(
                url, "INSERT INTO employees (emp_id) SELECT n FROM generate_series(" + first + ", " + last + ") n");
    }
}
