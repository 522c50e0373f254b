package io.rowrelay.common.runtime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells log and readiness of outages: once when one begins or changes its cause, once when it is over, never per
 * attempt. Not thread-safe.
 */
public final class OutageReport {
    private static final Logger LOG = LoggerFactory.getLogger(OutageReport.class);

    private final Readiness readiness;
    private final Runnable onBegin;
    private @Nullable String cause;

    /** Reports to {@code readiness}; {@code onBegin} runs at each new outage, to count it. */
    public OutageReport(Readiness readiness, Runnable onBegin) {
        this.readiness = readiness;
        this.onBegin = onBegin;
    }

    /** An attempt failed. */
    public void failed(TransientFailureException failure) {
        String message = String.valueOf(failure.getMessage());
        readiness.notReady(message);
        if (message.equals(cause)) {
            LOG.debug("still out: {}", message, failure);
            return;
        }
        if (cause == null) {
            onBegin.run();
        }
        cause = message;
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
        if (cause != null) {
            LOG.info("working again after: {}", cause);
            cause = null;
        }
    }
}
