package io.rowrelay.sandbox;

import java.util.List;

/** The people whom the demo invents. */
final class Employees {
    /** Where they work. */
    static final List<String> CITIES = List.of("Lisbon", "Oslo", "Zagreb", "Nairobi", "Hanoi");

    private Employees() {}

    /** The statement that inserts a number of employees, numbered from a first one on so that they differ. */
    static String insert(long first, long count) {
        return """
               INSERT INTO employees (first_name, last_name, dob, city, salary)
               SELECT (ARRAY['Ada', 'Grace', 'Edsger', 'Barbara', 'Tony', 'Frances', 'Alan'])[1 + n %% 7],
                      'Employee ' || n,
                      DATE '1960-01-01' + (n * 37 %% 16000)::int,
                      ('{%s}'::text[])[1 + n %% %d],
                      45000 + n * 7919 %% 60000 + 0.25
                 FROM generate_series(%d::bigint, %d::bigint) AS n
               """.formatted(String.join(",", CITIES), CITIES.size(), first, first + count - 1);
    }

    /** The statement that gives everybody of a city a raise. */
    static String raise(String city) {
        return "UPDATE employees SET salary = salary * 1.1 WHERE city = '" + city + "'";
    }

    /** The statement that dismisses the badly paid. */
    static String dismissBelow(int salary) {
        return "DELETE FROM employees WHERE salary < " + salary;
    }
}
