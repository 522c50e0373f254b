package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Readiness;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back a page that has been read and must not be published yet, since a failover of the source could still undo it. Not
 * thread-safe.
 */
final class FlushWait {
    private static final Logger LOG = LoggerFactory.getLogger(FlushWait.class);
    /** Standbys may take this long before it is reported that changes wait for them. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Readiness readiness;
    private final LongSupplier nanoClock;
    private @Nullable Page held;
    private long heldSince;
    private boolean reported;

    FlushWait(Readiness readiness, LongSupplier nanoClock) {
        this.readiness = readiness;
        this.nanoClock = nanoClock;
    }

    /** The page that is held back, if any. */
    @Nullable
    Page held() {
        return held;
    }

    /** Forgets the page: another session reads it again. */
    void forget() {
        held = null;
    }

    /** Whether the page has to wait for standbys of the source; then ask again with the next step. */
    boolean holds(SourceSession session, Page page) throws OutageException {
        Optional<String> unflushed = session.unflushed();
        if (unflushed.isEmpty()) {
            if (reported) {
                LOG.info("the standbys have what was waited for, publishing again");
            }
            held = null;
            reported = false;
            return false;
        }
        if (held == null) {
            held = page;
            heldSince = nanoClock.getAsLong();
        }
        if (nanoClock.getAsLong() - heldSince >= PATIENCE.toNanos()) {
            readiness.notReady(unflushed.get());
            if (!reported) {
                LOG.warn("waiting: {}", unflushed.get());
                reported = true;
            }
        }
        return true;
    }
}
