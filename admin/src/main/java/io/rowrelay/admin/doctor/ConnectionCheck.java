package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * Whether a database lets us in, and is new enough.
 *
 * @param unreachable what is wrong when it does not answer
 * @param refused when it refuses us
 * @param version when it is too old
 * @param pooler when a pooler shares its sessions
 */
record ConnectionCheck(Problem unreachable, Problem refused, Problem version, Problem pooler) {
    static final Problem SOURCE_UNREACHABLE = Problem.problem(
            "source-unreachable",
            "The source does not answer. The producer waits; changes are still captured, and nothing is lost.",
            Need.SOURCE);

    static final Problem SOURCE_LOGIN_REFUSED = Problem.problem(
            "source-login-refused",
            "The source rejects role, password or database name. The producer waits.",
            Need.SOURCE);

    static final Problem SOURCE_POOLER = Problem.problem(
            "source-pooler",
            "A pooler that shares sessions is in front of the source. The producer waits: its lock would have "
                    + "no owner.",
            Need.SOURCE);

    static final Problem SOURCE_VERSION = Problem.problem("source-version", "The source is older than PostgreSQL 14.");

    static final Problem DESTINATION_UNREACHABLE = Problem.problem(
            "destination-unreachable",
            "The destination does not answer. The consumer waits; nothing is lost while the topic keeps records.",
            Need.DESTINATION);

    static final Problem DESTINATION_LOGIN_REFUSED = Problem.problem(
            "destination-login-refused",
            "The destination rejects role, password or database name. The consumer waits.",
            Need.DESTINATION);

    static final Problem DESTINATION_POOLER = Problem.problem(
            "destination-pooler",
            "A pooler that shares sessions is in front of the destination. The consumer waits: its settings "
                    + "would reach other applications.",
            Need.DESTINATION);

    static final Problem DESTINATION_VERSION =
            Problem.problem("destination-version", "The destination is older than PostgreSQL 14.");

    private static final int OLDEST_VERSION = 140_000;

    static final Check SOURCE = new ConnectionCheck(
                    SOURCE_UNREACHABLE, SOURCE_LOGIN_REFUSED, SOURCE_VERSION, SOURCE_POOLER)
            .check("source", Subject.SOURCE, CheckContext::source);

    static final Check DESTINATION = new ConnectionCheck(
                    DESTINATION_UNREACHABLE, DESTINATION_LOGIN_REFUSED, DESTINATION_VERSION, DESTINATION_POOLER)
            .check("destination", Subject.DESTINATION, CheckContext::destination);

    private record Server(String role, String version, int number) {}

    private Check check(String role, Subject subject, Function<CheckContext, Database> database) {
        return new Check(
                role + "-answers",
                subject,
                Set.of(),
                List.of(unreachable, refused, pooler, version),
                context -> look(database.apply(context)));
    }

    private List<CheckResult> look(Database database) {
        try {
            Server server = database.read(
                    "connecting",
                    connection -> Query.one(
                            connection,
                            "SELECT current_user, current_setting('server_version'),"
                                    + " current_setting('server_version_num')::int",
                            row -> new Server(row.getString(1), row.getString(2), row.getInt(3))));
            return List.of(checked(server, database));
        } catch (OutageException failure) {
            return List.of(explained(failure, database));
        }
    }

    private CheckResult checked(Server server, Database database) {
        String seen =
                "PostgreSQL " + server.version() + " at " + database.address() + ", connected as " + server.role();
        return server.number() < OLDEST_VERSION
                ? CheckResult.found(version, seen, Remedy.byHand("upgrade the server to PostgreSQL 14 or later"))
                : CheckResult.ok(seen);
    }

    private CheckResult explained(OutageException failure, Database database) {
        String settings = database.role().toUpperCase(Locale.ROOT) + "_DB_";
        if (SqlFailures.isRefusedLogin(failure)) {
            return CheckResult.found(
                    refused,
                    String.valueOf(failure.getMessage()),
                    Remedy.byHand("correct " + settings + "USER, " + settings + "PASSWORD or the database in "
                            + settings + "URL, here and for the daemons"));
        }
        if (SqlFailures.isSharedSession(failure)) {
            return CheckResult.found(
                    pooler,
                    String.valueOf(failure.getMessage()),
                    Remedy.byHand("point " + settings + "URL at the server itself, or set pool_mode = session for this"
                            + " database in the pooler, here and for the daemons"));
        }
        return CheckResult.found(
                unreachable,
                String.valueOf(failure.getMessage()),
                Remedy.byHand("start the server, or correct " + settings + "URL; it is " + database.address()));
    }
}
