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

/** Compares the contents of both databases: a checksum over every row, block by block of ids. */
public final class TableChecksums {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private TableChecksums() {}

    /** The blocks of ids in which source and destination differ, as they are now; none if all tables are equal. */
    public static List<String> differences(DatabasePair databases) throws SQLException {
        try (Connection source = databases.connectToSource();
                Connection destination = databases.connectToDestination()) {
            String query = databases.tables().checksums();
            List<Map<String, String>> both =
                    ConcurrentTasks.run(List.of(() -> checksums(source, query), () -> checksums(destination, query)));
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

    private static List<String> differences(Map<String, String> here, Map<String, String> there) {
        TreeSet<String> blocks = new TreeSet<>(here.keySet());
        blocks.addAll(there.keySet());
        return blocks.stream()
                .filter(block -> !here.getOrDefault(block, "").equals(there.getOrDefault(block, "")))
                .toList();
    }

    private static Map<String, String> checksums(Connection connection, String query) throws SQLException {
        Map<String, String> checksums = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                checksums.put(rows.getString(1), rows.getString(2));
            }
        }
        return checksums;
    }
}
