package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.RecentChanges;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.jdbc.Timeline;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.SourceIdentity;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.checkpoint.jdbc.SourceIdentityReader;
import io.rowrelay.stream.record.PublishedChange;
import java.util.List;
import java.util.Set;

/**
 * Whether the source is still the primary that the topic was written from, as its timeline tells.
 *
 * @param source which database
 * @param topic what it holds at its ends
 * @param stream whose topic it is
 */
public record FormerPrimary(Database source, RecentChanges topic, String stream) implements Check {
    private record Server(int timeline, int newest) {}

    @Override
    public String name() {
        return "source-is-the-current-primary";
    }

    @Override
    public Subject subject() {
        return Subject.SOURCE;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.PRIMARY, Need.SOURCE_SCRIPTS, Need.TOPIC);
    }

    @Override
    public List<Finding> look() throws OutageException, InterruptedException {
        List<PublishedChange> published = topic.read();
        Server server = source.read("asking for the timeline", connection -> {
            int timeline = Timeline.of(connection);
            return new Server(
                    timeline,
                    SourceIdentity.newestTimeline(
                            published,
                            SourceIdentityReader.systemIdentifier(connection),
                            CheckpointReader.read(connection, stream)));
        });
        return List.of(
                server.timeline() != Timeline.UNKNOWN && server.timeline() < server.newest()
                        ? Finding.ill(
                                Ailment.SOURCE_FORMER_PRIMARY,
                                source.address() + " is on timeline " + server.timeline()
                                        + ", the topic was written from timeline " + server.newest(),
                                Remedy.byHand("shut this server down, or point SOURCE_DB_URL at the primary"))
                        : Finding.sound("no newer timeline than its own, " + server.timeline() + ", is known"));
    }
}
