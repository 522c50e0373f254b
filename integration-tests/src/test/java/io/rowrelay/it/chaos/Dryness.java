package io.rowrelay.it.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits until everything has arrived: the rows are equal, the topic is complete and its garbage dead-lettered. */
final class Dryness {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Dryness() {}

    /** Returns when it is so, or when nothing more is to be expected: then the checks will tell what is missing. */
    static void await(EvidenceReader reader, History history, Journal journal) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            List<Finding> rows = ContentCheck.findings(history.rows(), reader.sourceRows(), reader.destinationRows());
            if (rows.isEmpty()) {
                Evidence evidence = reader.read(history);
                if (TopicCheck.findings(evidence).isEmpty()
                        && DeadLetterCheck.missing(evidence).isEmpty()) {
                    journal.note("everything has arrived");
                    return;
                }
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
        journal.note("UNEXPECTED: not everything has arrived within %d s".formatted(PATIENCE.toSeconds()));
    }
}
