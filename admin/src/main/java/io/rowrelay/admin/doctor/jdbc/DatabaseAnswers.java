package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a database lets us in, and is new enough.
 *
 * @param database which
 * @param subject source or destination
 * @param unreachable what it has when it does not answer
 * @param refused what it has when it refuses us
 * @param version what it has when it is too old
 * @param pooler what it has when a pooler shares its sessions
 */
record DatabaseAnswers(
        Database database, Subject subject, Ailment unreachable, Ailment refused, Ailment version, Ailment pooler)
        implements Check {
    private static final int OLDEST_VERSION = 140_000;

    private record Server(String role, String name, String version, int number) {}

    static Check ofSource(Database database) {
        return new DatabaseAnswers(
                database,
                Subject.SOURCE,
                Ailment.SOURCE_UNREACHABLE,
                Ailment.SOURCE_LOGIN_REFUSED,
                Ailment.SOURCE_VERSION,
                Ailment.SOURCE_POOLER);
    }

    static Check ofDestination(Database database) {
        return new DatabaseAnswers(
                database,
                Subject.DESTINATION,
                Ailment.DESTINATION_UNREACHABLE,
                Ailment.DESTINATION_LOGIN_REFUSED,
                Ailment.DESTINATION_VERSION,
                Ailment.DESTINATION_POOLER);
    }

    @Override
    public String name() {
        return database.role() + "-answers";
    }

    @Override
    public Set<Need> needs() {
        return Set.of();
    }

    @Override
    public List<Finding> look() {
        try {
            return database
                    .read(
                            "connecting",
                            connection -> Rows.of(
                                    connection,
                                    "SELECT current_user, current_database(), current_setting('server_version'),"
                                            + " current_setting('server_version_num')::int",
                                    row -> new Server(
                                            row.getString(1), row.getString(2), row.getString(3), row.getInt(4))))
                    .stream()
                    .map(this::judge)
                    .toList();
        } catch (OutageException failure) {
            return List.of(explain(failure));
        }
    }

    private Finding judge(Server server) {
        String seen =
                "PostgreSQL " + server.version() + " at " + database.address() + ", connected as " + server.role();
        return server.number() < OLDEST_VERSION
                ? Finding.ill(version, seen, Remedy.byHand("upgrade the server to PostgreSQL 14 or later"))
                : Finding.sound(seen);
    }

    private Finding explain(OutageException failure) {
        String settings = database.role().toUpperCase(Locale.ROOT) + "_DB_";
        if (SqlFailures.isRefusedLogin(failure)) {
            return Finding.ill(
                    refused,
                    String.valueOf(failure.getMessage()),
                    Remedy.byHand("correct " + settings + "USER, " + settings + "PASSWORD or the database in "
                            + settings + "URL, here and for the daemons"));
        }
        if (SqlFailures.isSharedSession(failure)) {
            return Finding.ill(
                    pooler,
                    String.valueOf(failure.getMessage()),
                    Remedy.byHand("point " + settings + "URL at the server itself, or set pool_mode = session for this"
                            + " database in the pooler, here and for the daemons"));
        }
        return Finding.ill(
                unreachable,
                String.valueOf(failure.getMessage()),
                Remedy.byHand("start the server, or correct " + settings + "URL; it is " + database.address()));
    }
}
