package io.rowrelay.admin.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.admin.dlq.Marks;
import io.rowrelay.admin.dlq.Rows;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.Databases;

/** The databases for commands about dead letters. Nothing is connected to before it is asked: most need no source. */
public final class LetterDatabases implements AutoCloseable {
    /** The server gives up before this side does, or it would go on, and hold a row's lock, for nobody. */
    private static final String SESSION = "SET lock_timeout = '2s'; SET row_security = off;";

    private final String stream;
    private final HikariDataSource source;
    private final HikariDataSource destination;

    public LetterDatabases(String stream, DatabaseSettings source, DatabaseSettings destination) {
        this.stream = stream;
        String name = "rowrelay-admin-" + stream;
        this.source = Databases.open(source, name, 1, SESSION, new SimpleMeterRegistry());
        this.destination = Databases.open(destination, name, 1, SESSION, new SimpleMeterRegistry());
    }

    /** What was done about the letters. */
    public Marks marks() {
        return new JdbcLetterMarks(destination, stream);
    }

    /** The rows that they are about, by the tables' names as in SQL. */
    public Rows rows(String sourceTable, String destinationTable) {
        return new JdbcRows(source, sourceTable, destination, destinationTable, stream);
    }

    @Override
    public void close() {
        source.close();
        destination.close();
    }
}
