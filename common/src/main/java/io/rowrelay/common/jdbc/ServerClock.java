package io.rowrelay.common.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/**
 * The clock of a server, as far as the one of this machine and the last look at the server tell. It gives the right age of what
 * the server has stamped, however wrong this machine's clock is. Safe for any thread.
 */
public final class ServerClock extends Clock {
    private final Clock own;
    private volatile Duration ahead = Duration.ZERO;

    /** Until it is read it is {@code own}. */
    public ServerClock(Clock own) {
        this.own = own;
    }

    /**
     * Reads the server's clock. Half of the time between question and answer counts as before the reading, half as after it.
     */
    public void read(Connection connection) throws SQLException {
        Instant asked = own.instant();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            Instant answer = row.getObject(1, OffsetDateTime.class).toInstant();
            Instant middle = asked.plus(Duration.between(asked, own.instant()).dividedBy(2));
            ahead = Duration.between(middle, answer);
        }
    }

    @Override
    public Instant instant() {
        return own.instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return own.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("it is asked for instants only");
    }
}
