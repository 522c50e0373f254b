package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.common.jdbc.Standby;
import io.rowrelay.common.jdbc.Timeline;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.SourceIdentity;
import io.rowrelay.stream.checkpoint.jdbc.SourceIdentityReader;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the source is the primary, and the database that the checkpoint was written against. */
final class SourceStateCheck {
    static final Problem SOURCE_STANDBY = Problem.problem(
            "source-standby",
            "This server is a standby. The producer reads from the primary only, and waits until this server "
                    + "is promoted.",
            Need.PRIMARY);

    static final Problem SOURCE_RESTORED = Problem.problem(
            "source-restored",
            "The source is another database than the checkpoint's, or an earlier state of it. The producer "
                    + "does not run, since it would lose changes.",
            Need.PUBLISHABLE);

    static final Problem SOURCE_FORMER_PRIMARY = Problem.problem(
            "source-former-primary",
            "The source is a former primary that came back after a failover. The producer rejects it; what is "
                    + "written there will be lost.");

    static final Check PRIMARY = Check.ofSource(
            "source-is-primary",
            Subject.SOURCE,
            Set.of(Need.SOURCE),
            List.of(SOURCE_STANDBY),
            SourceStateCheck::primary);

    static final Check NOT_RESTORED = Check.ofSource(
            "source-not-restored",
            Subject.SOURCE,
            Set.of(Need.CHANGES),
            List.of(SOURCE_RESTORED),
            SourceStateCheck::restored);

    /** Its timeline tells a former primary from the one that the topic was written from last. */
    static final Check CURRENT_PRIMARY = new Check(
            "source-is-the-current-primary",
            Subject.SOURCE,
            Set.of(Need.CHANGES, Need.TOPIC),
            List.of(SOURCE_FORMER_PRIMARY),
            SourceStateCheck::currentPrimary);

    private record Server(int timeline, Optional<PublishedChange> newest) {
        boolean isFormerPrimary() {
            return timeline != Timeline.UNKNOWN
                    && newest.filter(change -> timeline < change.timeline()).isPresent();
        }
    }

    private SourceStateCheck() {}

    private static List<CheckResult> primary(Connection connection, CheckContext context) throws SQLException {
        return List.of(
                Standby.is(connection)
                        ? CheckResult.found(
                                SOURCE_STANDBY,
                                context.source().address() + " is in recovery",
                                Remedy.byHand("point SOURCE_DB_URL at the primary, or promote this server"))
                        : CheckResult.ok("it is a primary"));
    }

    private static List<CheckResult> restored(Connection connection, CheckContext context)
            throws SQLException, OutageException {
        ChangeTable table = context.changeTable(connection);
        long latest = SourceIdentityReader.latestTransaction(connection, table);
        SourceIdentity identity = SourceIdentityReader.read(connection, context.stream(), table);
        return CheckResult.orOk(
                identity.differences(latest).stream()
                        .map(difference -> CheckResult.found(SOURCE_RESTORED, difference, Remedy.admin("reanchor")))
                        .toList(),
                identity.stored().isPresent()
                        ? "it is the database of the checkpoint"
                        : "no producer has begun the stream yet, so there is no checkpoint");
    }

    private static List<CheckResult> currentPrimary(CheckContext context) throws OutageException, InterruptedException {
        List<PublishedChange> published = new PatientTopics(context.settings(), CommandClock.SYSTEM).recentChanges();
        Server server = context.source().read("asking for the timeline", connection -> {
            int timeline = Timeline.of(connection);
            SourceIdentity identity =
                    SourceIdentityReader.read(connection, context.stream(), context.changeTable(connection));
            return new Server(timeline, identity.newestTimeline(published));
        });
        return List.of(
                server.isFormerPrimary()
                        ? CheckResult.found(
                                SOURCE_FORMER_PRIMARY,
                                context.source().address() + " is on timeline " + server.timeline()
                                        + ", and a record of the topic was published from a later one: "
                                        + server.newest()
                                                .map(change -> change.address() + ", timeline " + change.timeline())
                                                .orElse(""),
                                Remedy.byHand("shut this server down, or point SOURCE_DB_URL at the primary"))
                        : CheckResult.ok("no newer timeline than its own, " + server.timeline() + ", is known"));
    }
}
