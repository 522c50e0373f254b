package io.rowrelay.sandbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Source and destination held against each other, row by row.
 *
 * @param sourceRows how many rows the source has
 * @param destinationRows how many rows the destination has
 * @param differingKeys the keys of the rows that differ or that only one side has, in order
 */
record Comparison(long sourceRows, long destinationRows, List<Long> differingKeys) {
    Comparison {
        differingKeys = List.copyOf(differingKeys);
    }

    boolean equal() {
        return differingKeys.isEmpty();
    }

    /** Compares the tables as they are now. */
    static Comparison of(Connection source, Connection destination) throws SQLException {
        Map<Long, String> here = rows(source);
        Map<Long, String> there = rows(destination);
        List<Long> differing = new ArrayList<>();
        here.forEach((key, row) -> {
            if (!row.equals(there.get(key))) {
                differing.add(key);
            }
        });
        there.keySet().stream().filter(key -> !here.containsKey(key)).forEach(differing::add);
        return new Comparison(
                here.size(), there.size(), differing.stream().sorted().toList());
    }

    private static Map<Long, String> rows(Connection connection) throws SQLException {
        Map<Long, String> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("""
                        SELECT emp_id, row(first_name, last_name, dob, city, salary)::text
                          FROM employees
                        """)) {
            while (result.next()) {
                rows.put(result.getLong(1), result.getString(2));
            }
        }
        return rows;
    }
}
