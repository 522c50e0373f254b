package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.admin.doctor.Thresholds;
import io.rowrelay.admin.status.SourceStatus;
import io.rowrelay.admin.status.StreamView;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether somebody publishes, and in time.
 *
 * @param view where it is seen
 * @param names of the stream
 * @param thresholds when a change is late
 */
record Publishing(StreamView view, StreamNames names, Thresholds thresholds) implements Check {
    @Override
    public String name() {
        return "publishing";
    }

    @Override
    public Subject subject() {
        return Subject.PRODUCER;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.PRIMARY, Need.SOURCE_SCRIPTS, Need.CAPTURE, Need.CHANGES, Need.PUBLISHABLE);
    }

    @Override
    public List<Finding> look() throws OutageException {
        SourceStatus facts = view.source();
        Optional<StoredCheckpoint.Pause> pause = facts.publishing().flatMap(SourceStatus.Publishing::pause);
        List<Finding> findings = new ArrayList<>();
        if (facts.producer().isEmpty()) {
            findings.add(Finding.ill(
                    Ailment.PRODUCER_MISSING,
                    waiting(facts),
                    Remedy.inShell("java -jar producer/target/producer.jar")));
        }
        pause.ifPresent(paused -> findings.add(Finding.ill(
                Ailment.PRODUCER_PAUSED,
                "by " + paused.by() + " since " + paused.since() + "; " + waiting(facts),
                Remedy.inShell(Remedy.ADMIN + "resume " + names.stream()))));
        if (facts.producer().isPresent() && pause.isEmpty() && late(facts)) {
            findings.add(Finding.ill(
                    Ailment.PUBLISHING_LATE,
                    waiting(facts) + "; the stream's lock is held by "
                            + describe(facts.producer().get()),
                    Remedy.byHand(
                            "see the producer's log and its /health/ready; where its process is frozen, or gone without"
                                    + " its session, SELECT pg_terminate_backend("
                                    + facts.producer().get().pid() + ") lets a standby take over")));
        }
        return findings.isEmpty()
                ? List.of(Finding.sound("the producer is active, pid "
                        + facts.producer().map(SourceStatus.Producer::pid).orElse(0) + "; " + waiting(facts)))
                : findings;
    }

    private static String describe(SourceStatus.Producer producer) {
        return "pid " + producer.pid() + ", role " + producer.role() + ", application " + producer.application()
                + producer.address().map(from -> ", from " + from).orElse("");
    }

    private boolean late(SourceStatus facts) {
        return oldest(facts)
                .filter(age -> age.compareTo(thresholds.late()) >= 0)
                .isPresent();
    }

    private static Optional<Duration> oldest(SourceStatus facts) {
        return facts.publishing().flatMap(SourceStatus.Publishing::oldestWaiting);
    }

    private static String waiting(SourceStatus facts) {
        return facts.publishing()
                        .map(publishing -> publishing.waiting().toString())
                        .orElse("all")
                + " changes wait"
                + oldest(facts).map(age -> ", the oldest for " + Ages.text(age)).orElse("");
    }
}
