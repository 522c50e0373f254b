package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.SourceIdentity;
import io.rowrelay.stream.checkpoint.jdbc.SourceIdentityReader;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Whether the source is the right server, in the right state, with our scripts in it. */
final class SourceState {
    private static final Remedy REANCHOR = Remedy.inShell(Remedy.ADMIN + "reanchor");

    private SourceState() {}

    /** Whether it can be written. */
    static Check primary(Database source) {
        return new SqlCheck(
                "source-is-primary",
                Subject.SOURCE,
                Set.of(Need.SOURCE),
                source,
                connection -> Rows.of(
                        connection,
                        "SELECT pg_is_in_recovery()",
                        row -> row.getBoolean(1)
                                ? Finding.ill(
                                        Ailment.SOURCE_STANDBY,
                                        source.address() + " is in recovery",
                                        Remedy.byHand("point SOURCE_DB_URL at the primary, or promote this server"))
                                : Finding.sound("it is a primary")));
    }

    /** Whether sql/source was applied, and all of it. */
    static Check scripts(Database source) {
        Remedy apply = Remedy.inShell("cat sql/source/*.sql | psql " + source.address());
        return new SqlCheck(
                "source-scripts",
                Subject.SOURCE,
                Set.of(Need.SOURCE),
                source,
                connection -> Rows.of(connection, """
                SELECT concat_ws(', ', CASE WHEN to_regclass('cdc_offset') IS NULL THEN 'cdc_offset' END,
                                 CASE WHEN to_regclass('cdc_published') IS NULL THEN 'cdc_published' END,
                                 CASE WHEN to_regprocedure('cdc_check(text, text)') IS NULL THEN 'cdc_check' END,
                                 CASE WHEN to_regprocedure('cdc_capture(regclass, text)') IS NULL THEN 'cdc_capture' END),
                       concat_ws(', ', CASE WHEN NOT EXISTS (
                                     SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('cdc_offset')
                                     AND attname = 'paused_at' AND NOT attisdropped) THEN 'column paused_at of cdc_offset' END,
                                 CASE WHEN to_regclass('cdc_backfill') IS NULL THEN 'table cdc_backfill' END)""", row -> {
                    if (!row.getString(1).isEmpty()) {
                        return Finding.ill(Ailment.SOURCE_SCRIPTS_MISSING, "missing: " + row.getString(1), apply);
                    }
                    return row.getString(2).isEmpty()
                            ? Finding.sound("sql/source is applied")
                            : Finding.ill(Ailment.SOURCE_SCRIPTS_OLD, "missing: " + row.getString(2), apply);
                }));
    }

    /** Whether it is what the checkpoint was written against. */
    static Check notRestored(Database source, StreamNames names) {
        return new SqlCheck(
                "source-not-restored",
                Subject.SOURCE,
                Set.of(Need.PRIMARY, Need.SOURCE_SCRIPTS, Need.CAPTURE, Need.CHANGES),
                source,
                connection -> restored(connection, names));
    }

    private static List<Finding> restored(Connection connection, StreamNames names)
            throws SQLException, OutageException {
        SourceIdentity identity = SourceIdentityReader.read(
                connection,
                names.stream(),
                ChangeTableCatalog.read(connection, names.sourceTable(), names.changeTable()));
        return Rows.orSound(
                identity.differences().stream()
                        .map(difference -> Finding.ill(Ailment.SOURCE_RESTORED, difference, REANCHOR))
                        .toList(),
                identity.stored().isPresent()
                        ? "it is the database of the checkpoint"
                        : "no producer has begun the stream yet, so there is no checkpoint");
    }
}
