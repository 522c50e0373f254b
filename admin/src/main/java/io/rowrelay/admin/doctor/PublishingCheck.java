package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.admin.status.SourceStatus;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.jdbc.StreamLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether somebody publishes, and in time. */
final class PublishingCheck {
    static final Problem PRODUCER_MISSING =
            Problem.problem("producer-missing", "No producer runs: changes are captured, but not published.");

    static final Problem PRODUCER_PAUSED =
            Problem.warning("producer-paused", "The stream is paused: changes are captured, and wait.");

    static final Problem PUBLISHING_LATE = Problem.problem(
            "publishing-late", "A producer is active, but changes wait for long. Its log and /health/ready say why.");

    static final Check CHECK = new Check(
            "publishing",
            Subject.PRODUCER,
            Set.of(Need.CHANGES, Need.PUBLISHABLE),
            List.of(PRODUCER_MISSING, PRODUCER_PAUSED, PUBLISHING_LATE),
            PublishingCheck::look);

    private PublishingCheck() {}

    private static List<CheckResult> look(CheckContext context) throws OutageException {
        SourceStatus source = context.servers().source();
        Optional<StoredCheckpoint.Pause> pause = source.publishing().flatMap(SourceStatus.Publishing::pause);
        List<CheckResult> results = new ArrayList<>();
        if (source.producer().isEmpty()) {
            results.add(CheckResult.found(PRODUCER_MISSING, waiting(source), Remedy.inShell(Programs.PRODUCER)));
        }
        pause.ifPresent(paused -> results.add(CheckResult.found(
                PRODUCER_PAUSED,
                "by " + paused.by() + " since " + paused.since() + "; " + waiting(source),
                Remedy.admin("resume " + context.stream()))));
        if (source.producer().isPresent() && pause.isEmpty() && late(source, context.late())) {
            results.add(CheckResult.found(
                    PUBLISHING_LATE,
                    waiting(source) + "; the stream's lock is held by "
                            + source.producer().get(),
                    Remedy.byHand(
                            "see the producer's log and its /health/ready; where its process is frozen, or gone without"
                                    + " its session, SELECT pg_terminate_backend("
                                    + source.producer().get().pid() + ") lets a standby take over")));
        }
        return results.isEmpty()
                ? List.of(CheckResult.ok("the producer is active, pid "
                        + source.producer().map(StreamLock.Holder::pid).orElse(0) + "; " + waiting(source)))
                : results;
    }

    private static boolean late(SourceStatus source, Duration limit) {
        return oldest(source).filter(age -> age.compareTo(limit) >= 0).isPresent();
    }

    private static Optional<Duration> oldest(SourceStatus source) {
        return source.publishing().flatMap(SourceStatus.Publishing::oldestWaiting);
    }

    private static String waiting(SourceStatus source) {
        return source.publishing()
                        .map(publishing -> publishing.waiting().toString())
                        .orElse("all")
                + " changes wait"
                + oldest(source)
                        .map(age -> ", the oldest for " + Ages.text(age))
                        .orElse("");
    }
}
