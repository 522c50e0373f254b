package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How large the change table is, and whether retention and vacuum keep it so. */
final class ChangeTableSize {
    /** Fewer dead rows are no burden, however few live ones there are. */
    private static final long MANY_DEAD = 500_000;
    /** Retention comes round in steps, and not while there is more urgent work. */
    private static final Duration SLACK = Duration.ofHours(1);

    private record Size(String printed, long live, long dead) {}

    private ChangeTableSize() {}

    static Check check(Database source, StreamNames names, Duration retention) {
        return new SqlCheck(
                "change-table-size",
                Subject.CHANGE_TABLE,
                Set.of(Need.PRIMARY, Need.SOURCE_SCRIPTS, Need.CAPTURE, Need.CHANGES),
                source,
                connection -> look(connection, names, retention));
    }

    private static List<Finding> look(Connection connection, StreamNames names, Duration retention)
            throws SQLException, OutageException {
        String table = ChangeTableCatalog.read(connection, names.sourceTable(), names.changeTable())
                .name();
        Size size = Rows.of(
                        connection,
                        "SELECT pg_size_pretty(pg_total_relation_size(c.oid)), pg_stat_get_live_tuples(c.oid),"
                                + " pg_stat_get_dead_tuples(c.oid) FROM pg_catalog.pg_class c WHERE c.oid = to_regclass(?)",
                        row -> new Size(row.getString(1), row.getLong(2), row.getLong(3)),
                        table)
                .get(0);
        List<Finding> findings = new ArrayList<>(kept(connection, table, names, retention));
        if (size.dead() > MANY_DEAD && size.dead() > size.live()) {
            findings.add(Finding.ill(
                    Ailment.DEAD_ROWS,
                    String.format(
                            Locale.ROOT, "%s has %,d dead rows beside %,d live ones", table, size.dead(), size.live()),
                    Remedy.inSource("VACUUM " + table + ";")));
        }
        return Rows.orSound(
                findings,
                String.format(
                        Locale.ROOT,
                        "%s takes %s, with about %,d live and %,d dead rows; free disk space is not for PostgreSQL to tell",
                        table,
                        size.printed(),
                        size.live(),
                        size.dead()));
    }

    /** The row with the smallest action_id is the next that goes, if it is published. */
    private static List<Finding> kept(Connection connection, String table, StreamNames names, Duration retention)
            throws SQLException {
        return Rows.of(
                connection,
                """
                SELECT (extract(epoch FROM clock_timestamp() - first.changed_at) * 1000)::bigint
                FROM (SELECT changed_at, xid FROM %s ORDER BY action_id LIMIT 1) first
                JOIN cdc_offset o ON o.stream = ? AND %s
                WHERE first.changed_at < clock_timestamp() - make_interval(secs => ?)""".formatted(table, WindowRule.visible("first", "o.snapshot")),
                row -> Finding.ill(
                        Ailment.RETENTION_BEHIND,
                        "the first change is " + Ages.text(Duration.ofMillis(row.getLong(1)))
                                + " old, and RETENTION is " + Ages.text(retention),
                        Remedy.byHand(
                                "see whether the producer runs with this RETENTION, and what its log says of removing")),
                names.stream(),
                (double) retention.plus(SLACK).toSeconds());
    }
}
