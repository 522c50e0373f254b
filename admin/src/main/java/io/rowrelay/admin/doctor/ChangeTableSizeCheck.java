package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How large the change table is, and whether retention and vacuum keep it small. */
final class ChangeTableSizeCheck {
    static final Problem RETENTION_BEHIND = Problem.warning(
            "retention-behind", "The change table has published changes that retention should have removed: it grows.");

    static final Problem DEAD_ROWS = Problem.warning(
            "dead-rows",
            "The change table has more dead rows than live ones: vacuum does not keep up, and reading is slower.");

    /** Fewer dead rows are no burden, however few live ones there are. */
    private static final long MANY_DEAD = 500_000;
    /** Retention works in steps, and not while there is more urgent work. */
    private static final Duration SLACK = Duration.ofHours(1);

    private record Size(String printed, long live, long dead) {}

    private ChangeTableSizeCheck() {}

    static final Check CHECK = Check.ofSource(
            "change-table-size",
            Subject.CHANGE_TABLE,
            Set.of(Need.CHANGES),
            List.of(RETENTION_BEHIND, DEAD_ROWS),
            ChangeTableSizeCheck::look);

    private static List<CheckResult> look(Connection connection, CheckContext context)
            throws SQLException, OutageException {
        String table = context.changeTable(connection).name();
        Size size = Query.one(
                connection,
                "SELECT pg_size_pretty(pg_total_relation_size(c.oid)), pg_stat_get_live_tuples(c.oid),"
                        + " pg_stat_get_dead_tuples(c.oid) FROM pg_catalog.pg_class c WHERE c.oid = "
                        + RolePath.table("?"),
                row -> new Size(row.getString(1), row.getLong(2), row.getLong(3)),
                table);
        List<CheckResult> results = new ArrayList<>(kept(connection, table, context));
        if (size.dead() > MANY_DEAD && size.dead() > size.live()) {
            results.add(CheckResult.found(
                    DEAD_ROWS,
                    String.format(
                            Locale.ROOT, "%s has %,d dead rows beside %,d live ones", table, size.dead(), size.live()),
                    Remedy.inSource("VACUUM " + table + ";")));
        }
        return CheckResult.orOk(
                results,
                String.format(
                        Locale.ROOT,
                        "%s takes %s, with about %,d live and %,d dead rows; free disk space is not for PostgreSQL to tell",
                        table,
                        size.printed(),
                        size.live(),
                        size.dead()));
    }

    /** Retention removes the row with the smallest action_id next, if it is published. */
    private static List<CheckResult> kept(Connection connection, String table, CheckContext context)
            throws SQLException {
        Duration retention = context.settings().retention();
        return Query.list(
                connection,
                """
                SELECT (extract(epoch FROM clock_timestamp() - first.changed_at) * 1000)::bigint
                FROM (SELECT changed_at, xid FROM %s ORDER BY action_id LIMIT 1) first
                JOIN {cdc_offset} o ON o.stream = ? AND %s
                WHERE first.changed_at < clock_timestamp() - make_interval(secs => ?)""".formatted(table, WindowRule.visible("first", "o.snapshot")),
                row -> CheckResult.found(
                        RETENTION_BEHIND,
                        "the first change is " + Ages.text(Duration.ofMillis(row.getLong(1)))
                                + " old, and RETENTION is " + Ages.text(retention),
                        Remedy.byHand(
                                "see whether the producer runs with this RETENTION, and what its log says of removing")),
                context.stream(),
                (double) retention.plus(SLACK).toSeconds());
    }
}
