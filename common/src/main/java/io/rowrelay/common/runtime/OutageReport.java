package io.rowrelay.common.runtime;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports outages to log and readiness: once when one begins, once more for each further cause, once when it is over, never per
 * attempt. Causes that take turns are reported once each. Not thread-safe.
 */
public final class OutageReport {
    private static final Logger LOG = LoggerFactory.getLogger(OutageReport.class);

    /** Messages with a number in them must not fill log and memory. */
    private static final int MOST_CAUSES = 20;

    private final Readiness readiness;
    private final Runnable onBegin;
    private final Set<String> reported = new HashSet<>();
    private @Nullable String first;

    /** Reports to {@code readiness}; {@code onBegin} runs at each new outage, to count it. */
    public OutageReport(Readiness readiness, Runnable onBegin) {
        this.readiness = readiness;
        this.onBegin = onBegin;
    }

    /** An attempt failed. */
    public void failed(OutageException failure) {
        String message = String.valueOf(failure.getMessage());
        readiness.notReady(message);
        if (reported.size() >= MOST_CAUSES || !reported.add(failure.outage())) {
            LOG.debug("still out: {}", message, failure);
            return;
        }
        if (first == null) {
            first = message;
            onBegin.run();
        }
        if (failure.isDataAtRisk()) {
            LOG.error("stopped, changes may be missed: {}", message);
        } else if (failure.isWaitingForAHuman()) {
            LOG.error("stopped: {}", message);
        } else {
            LOG.warn("waiting: {}", message);
        }
        LOG.debug("cause", failure);
    }

    /** An attempt succeeded. */
    public void succeeded() {
        if (first != null) {
            LOG.info("working again after: {}", first);
            first = null;
            reported.clear();
        }
    }
}
