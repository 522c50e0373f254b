package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.ClockDifference;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;

/** How far a database server's clock is from this machine's. Kafka's brokers have no clock that can be asked. */
final class Clock {
    private Clock() {}

    static Check check(Database database, Need need, InstantSource clock) {
        return new SqlCheck(
                "clock-of-" + database.role(),
                Subject.CLOCKS,
                Set.of(need),
                database,
                connection -> look(connection, database.role(), clock));
    }

    private static List<Finding> look(Connection connection, String role, InstantSource clock) throws SQLException {
        // The first question pays for what the session has still to set up.
        ask(connection);
        Instant asked = clock.instant();
        Instant answer = ask(connection);
        ClockDifference difference = ClockDifference.of(asked, answer, clock.instant());
        String text = "the " + role + "'s clock is " + difference;
        return List.of(
                difference.matters()
                        ? Finding.ill(
                                Ailment.CLOCKS_DIFFER,
                                text,
                                Remedy.byHand("let a time service (NTP) run on both machines"))
                        : Finding.sound(text));
    }

    private static Instant ask(Connection connection) throws SQLException {
        return Rows.of(
                        connection,
                        "SELECT clock_timestamp()",
                        row -> row.getObject(1, OffsetDateTime.class).toInstant())
                .get(0);
    }
}
