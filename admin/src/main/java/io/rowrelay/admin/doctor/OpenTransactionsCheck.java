package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The oldest open transaction of the source, who waits for whom, and prepared transactions that were left. */
final class OpenTransactionsCheck {
    static final Problem OPEN_TRANSACTION = Problem.warning(
            "open-transaction",
            "A transaction has been open for long. Only its own changes wait for it. Meanwhile dead rows stay in the change table, and ALTER TABLE and cdc_capture wait.");

    static final Problem TRANSACTION_BLOCKS = Problem.warning(
            "transaction-blocks",
            "Sessions have waited for another session's locks for longer than a change may wait.");

    static final Problem PREPARED_TRANSACTION = Problem.warning(
            "prepared-transaction",
            "A prepared transaction was left. It keeps its locks and dead rows until somebody ends it; a "
                    + "restart does not.");

    private static final String OLDEST = """
            SELECT a.pid, a.usename, a.application_name, a.state,
                   (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint
            FROM pg_stat_activity a
            WHERE a.xact_start IS NOT NULL AND a.datname = current_database() AND a.backend_type = 'client backend'
              AND a.pid <> pg_backend_pid()
            ORDER BY a.xact_start LIMIT 1""";

    private static final String BLOCKERS = """
            SELECT a.pid, a.usename, a.application_name, a.state,
                   (extract(epoch FROM max(clock_timestamp() - l.waitstart)) * 1000)::bigint,
                   string_agg(DISTINCT l.pid::text, ', ')
            FROM pg_locks l CROSS JOIN LATERAL unnest(pg_blocking_pids(l.pid)) b(pid)
            JOIN pg_stat_activity a ON a.pid = b.pid AND a.datname = current_database()
            WHERE NOT l.granted AND l.waitstart <= clock_timestamp() - make_interval(secs => ?)
            GROUP BY a.pid, a.usename, a.application_name, a.state ORDER BY 5 DESC""";

    private static final String PREPARED = """
            SELECT gid, owner, (extract(epoch FROM clock_timestamp() - prepared) * 1000)::bigint
            FROM pg_prepared_xacts
            WHERE database = current_database() AND prepared <= clock_timestamp() - make_interval(secs => ?)
            ORDER BY prepared""";

    private record Session(String text, int pid, Duration age) {
        static Session read(ResultSet row) throws SQLException {
            return new Session(
                    "pid " + row.getInt(1) + ", role " + row.getString(2) + ", application " + row.getString(3) + ", "
                            + row.getString(4),
                    row.getInt(1),
                    Duration.ofMillis(row.getLong(5)));
        }

        Remedy end() {
            return Remedy.inSource("SELECT pg_terminate_backend(" + pid + ");");
        }
    }

    private OpenTransactionsCheck() {}

    static final Check CHECK = Check.ofSource(
            "open-transactions",
            Subject.SOURCE,
            Set.of(Need.PRIMARY),
            List.of(OPEN_TRANSACTION, TRANSACTION_BLOCKS, PREPARED_TRANSACTION),
            OpenTransactionsCheck::look);

    private static List<CheckResult> look(Connection connection, CheckContext context) throws SQLException {
        List<CheckResult> results = new ArrayList<>();
        List<Session> oldest = Query.list(connection, OLDEST, Session::read);
        oldest.stream()
                .filter(session -> session.age().compareTo(context.oldTransaction()) >= 0)
                .forEach(session -> results.add(CheckResult.found(
                        OPEN_TRANSACTION, session.text() + ", open for " + Ages.text(session.age()), session.end())));
        results.addAll(Query.list(
                connection,
                BLOCKERS,
                row -> {
                    Session session = Session.read(row);
                    return CheckResult.found(
                            TRANSACTION_BLOCKS,
                            session.text() + "; for it wait pid " + row.getString(6) + ", for up to "
                                    + Ages.text(session.age()),
                            session.end());
                },
                (double) context.late().toSeconds()));
        results.addAll(Query.list(
                connection,
                PREPARED,
                row -> CheckResult.found(
                        PREPARED_TRANSACTION,
                        row.getString(1) + " of " + row.getString(2) + ", prepared "
                                + Ages.text(Duration.ofMillis(row.getLong(3))) + " ago",
                        Remedy.byHand("find out what became of the others of its transaction, then COMMIT PREPARED "
                                + Identifiers.literal(row.getString(1)) + " or ROLLBACK PREPARED "
                                + Identifiers.literal(row.getString(1)))),
                (double) context.oldTransaction().toSeconds()));
        return CheckResult.orOk(
                results,
                oldest.stream()
                        .findFirst()
                        .map(session -> "the oldest open transaction is " + Ages.text(session.age()) + " old: "
                                + session.text())
                        .orElse("no transaction is open"));
    }
}
