package io.rowrelay.consumer;

import io.rowrelay.common.runtime.AgingNumber;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.OutageReport;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.Watch;
import io.rowrelay.consumer.jdbc.JdbcDeadLetterCounts;
import io.rowrelay.stream.kafka.DeadLetterLook;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.record.SeenDeadLetters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the dead letters about which nothing has been done yet, whoever wrote them and before which restart: what is on the
 * dead-letter topic, less what the destination knows to be replayed or discarded. To be stepped by one thread, which is not
 * the loop's; the numbers are for any.
 */
final class OpenDeadLetters implements Task, AutoCloseable {
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(OpenDeadLetters.class);
    /** A long topic is read over several steps; what is known already is remembered in between. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(10);

    private final DeadLetterLook topic;
    private final JdbcDeadLetterCounts known;
    private final AgingNumber open;
    private final AgingNumber lost;
    private final OutageReport failures = new OutageReport(Readiness.UNHEARD, () -> {});
    private volatile String text = "";

    /** The topic is closed with this. Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    OpenDeadLetters(DeadLetterLook topic, JdbcDeadLetterCounts known, LongSupplier nanoClock) {
        this.topic = topic;
        this.known = known;
        this.open = new AgingNumber(Watch.limitOf(INTERVAL).plus(LONGEST_READ), nanoClock);
        this.lost = new AgingNumber(Watch.limitOf(INTERVAL).plus(LONGEST_READ), nanoClock);
    }

    /** How many are open; NaN while that is not known. */
    double open() {
        return open.get();
    }

    /** How many the topic dropped before anything was done about them; NaN while that is not known. */
    double lost() {
        return lost.get();
    }

    /** What was counted last, in words; empty when there is nothing to do. */
    String text() {
        return text;
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        try {
            count();
            failures.succeeded();
            return 1;
        } catch (OutageException failure) {
            // The loop reports what it needs itself; a right that only counting needs is reported here.
            if (failure.outage().equals(failure.getMessage())) {
                failures.failed(failure);
            }
            throw failure;
        }
    }

    private void count() throws OutageException, InterruptedException {
        DeadLetterLook.Span span = topic.span();
        Map<Integer, Long> readTo = span.topicId().isEmpty() ? Map.of() : known.readTo(span.topicId());
        List<SeenDeadLetters> letters = topic.read(span, readTo, LONGEST_READ);
        DeadLetterCounts counts = known.take(span.topicId(), letters);
        open.set((double) counts.open());
        lost.set((double) counts.lost());
        String now = counts.text();
        if (!now.equals(text) && !now.isEmpty() && text.isEmpty()) {
            LOG.warn("{}, see {}: their changes are not in the destination", now, Programs.command("dlq list"));
        } else if (now.isEmpty() && !text.isEmpty()) {
            LOG.info("no dead letter is open any more");
        }
        text = now;
    }

    /** After its last step. */
    @Override
    public void close() {
        topic.close();
    }
}
