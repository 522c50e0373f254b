package io.rowrelay.admin.dlq;

import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.PatientSessions;
import java.time.Duration;

/** The databases for commands about dead letters. Nothing is connected to before it is asked: most need no source. */
public final class LetterDatabases implements AutoCloseable {
    /** The server gives up before this side does, or it would go on, and hold a row's lock, for nobody. */
    private static final String SESSION = "SET lock_timeout = '2s'; SET row_security = off;";

    private final String stream;
    private final PatientSessions source;
    private final PatientSessions destination;

    public LetterDatabases(String stream, DatabaseSettings source, DatabaseSettings destination, Duration timeout) {
        this.stream = stream;
        String name = "rowrelay-admin-" + stream;
        this.source = PatientSessions.open(source, name, 1, SESSION, timeout);
        this.destination = PatientSessions.open(destination, name, 1, SESSION, timeout);
    }

    /** What was done about the letters. */
    public HandlingTable marks() {
        return new HandlingTable(destination, stream);
    }

    /** The rows that they are about, by the tables' names as in SQL. */
    public RelatedRows rows(String sourceTable, String destinationTable) {
        return new RelatedRows(source, sourceTable, destination, destinationTable, stream);
    }

    @Override
    public void close() {
        source.close();
        destination.close();
    }
}
