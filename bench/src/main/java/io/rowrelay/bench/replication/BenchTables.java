package io.rowrelay.bench.replication;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tables that a pair of databases has, empty.
 *
 * @param definition what creates them, on either side
 * @param columns of each table the columns that are compared; the first is the key, a number
 */
public record BenchTables(String definition, Map<String, List<String>> columns) {
    private static final int ROWS_PER_BLOCK = 1_000;
    private static final String CHECKSUMS = """
            SELECT format('%1$s %%s-%%s', %2$s / %3$d * %3$d, (%2$s / %3$d + 1) * %3$d - 1),
                   count(*) || ' ' || sum(hashtextextended(row(%4$s)::text, 0)::numeric)
              FROM %1$s
             GROUP BY 1""";

    /** What the demo has too. */
    public static final BenchTables EMPLOYEES = new BenchTables(
            """
            CREATE TABLE employees (emp_id serial PRIMARY KEY, first_name varchar(100), last_name varchar(100), dob date,
                                    city varchar(100), salary numeric(12, 2));
            """, Map.of("employees", List.of("emp_id", "first_name", "last_name", "dob", "city", "salary")));

    public BenchTables {
        columns = Map.copyOf(columns);
    }

    /** A statement that returns a checksum over every row, block by block. */
    String checksums() {
        return columns.entrySet().stream()
                .map(table -> CHECKSUMS.formatted(
                        table.getKey(), table.getValue().get(0), ROWS_PER_BLOCK, String.join(", ", table.getValue())))
                .collect(Collectors.joining(" UNION ALL "));
    }
}
