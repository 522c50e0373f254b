package io.rowrelay.bench.machine;

import com.sun.management.OperatingSystemMXBean;
import io.rowrelay.bench.figures.Figure;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine that the figures were measured on, as far as it is known. */
public final class MachineFacts {
    private MachineFacts() {}

    public static Map<String, String> describe(Connection connection) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            facts.put("memory", Figure.whole(system.getTotalMemorySize() >> 20) + " MB");
            facts.put("load before", Figure.number(system.getSystemLoadAverage()));
        }
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        for (String setting : new String[] {"server_version", "fsync", "shared_buffers", "wal_level", "max_wal_size"}) {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SHOW " + setting)) {
                result.next();
                facts.put("postgresql " + setting, result.getString(1));
            }
        }
        return facts;
    }
}
