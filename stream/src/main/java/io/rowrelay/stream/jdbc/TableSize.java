package io.rowrelay.stream.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.AgingNumber;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Measures tables once a step, from the catalog and the file system, without reading them. The gauges are NaN before the
 * first step, and again when the database has been out of reach for some minutes. To be stepped by one thread; the gauges are read by any.
 */
public final class TableSize implements Task {
    /** It is measured once a minute. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final HikariDataSource pool;
    private final Supplier<List<String>> tables;
    private final AgingNumber bytes = new AgingNumber(LIMIT, System::nanoTime);
    private final AgingNumber rows = new AgingNumber(LIMIT, System::nanoTime);

    /** The pool stays the caller's to close; the tables' names are as in SQL. */
    public TableSize(HikariDataSource pool, List<String> tables) {
        this(pool, () -> tables);
    }

    /** The same of tables that are asked for with each step. */
    public TableSize(HikariDataSource pool, Supplier<List<String>> tables) {
        this.pool = pool;
        this.tables = tables;
    }

    /** Registers {@code <name>.bytes} and {@code <name>.rows}. */
    public TableSize register(MeterRegistry registry, String name, String what) {
        Gauge.builder(name + ".bytes", this, size -> size.bytes.get())
                .description("Disk space of " + what + " with its indexes, measured once a minute")
                .register(registry);
        Gauge.builder(name + ".rows", this, size -> size.rows.get())
                .description("Rows of " + what + ", estimated by PostgreSQL")
                .register(registry);
        return this;
    }

    @Override
    public int step() throws OutageException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        SELECT sum(pg_catalog.pg_total_relation_size(c.oid)), sum(greatest(c.reltuples, 0))::float8
                        FROM pg_catalog.pg_class c WHERE c.oid IN (SELECT %s FROM unnest(?::text[]) t)
                        HAVING count(*) > 0""".formatted(RolePath.table("t")))) {
            statement.setArray(1, connection.createArrayOf("text", tables.get().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    bytes.set(row.getDouble(1));
                    rows.set(row.getDouble(2));
                }
            }
            return 0;
        } catch (SQLException failure) {
            throw SqlFailures.outage("measuring " + String.join(", ", tables.get()), failure);
        }
    }
}
