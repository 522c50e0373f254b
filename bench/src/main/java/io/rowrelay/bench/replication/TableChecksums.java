package io.rowrelay.bench.replication;

import io.rowrelay.sandbox.load.ConcurrentTasks;
import io.rowrelay.sandbox.process.SandboxException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds the contents of both tables against each other: a checksum over every row, block by block. */
public final class TableChecksums {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ROWS_PER_BLOCK = 1_000;
    private static final String CHECKSUMS = """
            SELECT emp_id / %d, count(*) || ' ' || sum(hashtextextended(
                       row(emp_id, first_name, last_name, dob, city, salary)::text, 0)::numeric)
              FROM employees
             GROUP BY 1
            """.formatted(ROWS_PER_BLOCK);

    private TableChecksums() {}

    /** The blocks of ids in which source and destination differ, as they are now; none if the tables are equal. */
    public static List<String> differences(DatabasePair databases) throws SQLException {
        try (Connection source = databases.connectToSource();
                Connection destination = databases.connectToDestination()) {
            List<Map<Long, String>> both =
                    ConcurrentTasks.run(List.of(() -> checksums(source), () -> checksums(destination)));
            return differences(both.get(0), both.get(1));
        }
    }

    /** Whether the tables are equal at the first look; if not, waits until they are, and throws when that takes too long. */
    public static boolean awaitEqual(Replication replication) throws SQLException {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        List<String> differences = differences(replication.databases());
        boolean atOnce = differences.isEmpty();
        while (!differences.isEmpty()) {
            replication.check();
            if (System.nanoTime() > deadlineNanos) {
                throw new SandboxException(
                        "%s: after %d s source and destination still differ in %d blocks of ids: %s ..."
                                        .formatted(
                                                replication.name(),
                                                LIMIT.toSeconds(),
                                                differences.size(),
                                                differences.get(0))
                                + " The logs: " + replication.logs());
            }
            differences = differences(replication.databases());
        }
        return atOnce;
    }

    private static List<String> differences(Map<Long, String> here, Map<Long, String> there) {
        TreeSet<Long> blocks = new TreeSet<>(here.keySet());
        blocks.addAll(there.keySet());
        return blocks.stream()
                .filter(block -> !here.getOrDefault(block, "").equals(there.getOrDefault(block, "")))
                .map(block -> block * ROWS_PER_BLOCK + "-" + (block * ROWS_PER_BLOCK + ROWS_PER_BLOCK - 1))
                .toList();
    }

    private static Map<Long, String> checksums(Connection connection) throws SQLException {
        Map<Long, String> checksums = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CHECKSUMS)) {
            while (rows.next()) {
                checksums.put(rows.getLong(1), rows.getString(2));
            }
        }
        return checksums;
    }
}
