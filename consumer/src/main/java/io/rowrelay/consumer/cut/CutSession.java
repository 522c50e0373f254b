package io.rowrelay.consumer.cut;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one session that applies a stream: it holds the stream's lock. After any exception it can only be closed. Not thread-safe.
 */
public interface CutSession extends AutoCloseable {
    /** How far the stream is applied, as of the last commit of this session. */
    CutProgress progress();

    /** Since when the destination is no state of the source, as of the same commit; empty while it is one. */
    Optional<Instant> brokenSince();

    /** The tables that an operator has paused: their changes are left out. */
    Set<String> paused();

    /**
     * Applies complete windows, in their order, in one transaction together with the progress behind them. A change takes effect if and
     * only if its transaction is not visible in what is applied. Dead letters are acknowledged before the commit.
     *
     * @param windows whose beginnings the applied state, or the end of one before, covers
     * @param after the progress behind the last
     */
    CutOutcome apply(List<CutWindow> windows, CutProgress after) throws OutageException, InterruptedException;

    /** Takes changes of one window that is too large for the memory: they wait in a temporary table of the destination. */
    void stage(WindowId window, List<CutChange> changes) throws OutageException;

    /** Applies what was staged of the window, in one transaction; nothing is staged afterwards. */
    CutOutcome applyStaged(Cut cut, CutProgress after) throws OutageException, InterruptedException;

    /** Forgets what was staged. */
    void discardStaged() throws OutageException;

    /** Gives the lock back. */
    @Override
    void close();
}
