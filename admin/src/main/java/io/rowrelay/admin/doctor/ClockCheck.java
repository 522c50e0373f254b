package io.rowrelay.admin.doctor;

import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;

/** How far a database server's clock is from this machine's. Kafka's brokers have no clock that can be asked. */
final class ClockCheck {
    static final Problem CLOCKS_DIFFER = Problem.warning(
            "clocks-differ",
            "Clocks differ: lag, latency and retention are wrong by as much. The order of changes does not "
                    + "depend on clocks.");

    private ClockCheck() {}

    static final Check SOURCE = Check.ofSource(
            "clock-of-source",
            Subject.CLOCKS,
            Set.of(Need.SOURCE),
            List.of(CLOCKS_DIFFER),
            (connection, context) -> look(connection, "source", context.clock()));

    static final Check DESTINATION = Check.ofDestination(
            "clock-of-destination",
            Subject.CLOCKS,
            Set.of(Need.DESTINATION),
            List.of(CLOCKS_DIFFER),
            (connection, context) -> look(connection, "destination", context.clock()));

    private static List<CheckResult> look(Connection connection, String role, InstantSource clock) throws SQLException {
        // The first question pays for what the session has still to set up.
        ask(connection);
        Instant asked = clock.instant();
        Instant answer = ask(connection);
        ClockDifference difference = ClockDifference.of(asked, answer, clock.instant());
        String text = "the " + role + "'s clock is " + difference;
        return List.of(
                difference.matters()
                        ? CheckResult.found(
                                CLOCKS_DIFFER, text, Remedy.byHand("let a time service (NTP) run on both machines"))
                        : CheckResult.ok(text));
    }

    private static Instant ask(Connection connection) throws SQLException {
        return Query.one(
                connection,
                "SELECT clock_timestamp()",
                row -> row.getObject(1, OffsetDateTime.class).toInstant());
    }
}
