package io.rowrelay.admin.dlq;

import io.rowrelay.common.runtime.TransientFailureException;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;

/** Counts the dead letters that nothing has been done about. */
public final class OpenLetterCount {
    private static final LetterFilter ALL_OPEN =
            new LetterFilter(new TreeSet<>(), Optional.empty(), Optional.empty(), Instant.EPOCH, Instant.MAX, false);

    private OpenLetterCount() {}

    /** Counts the open dead letters of a stream. */
    public static long of(DlqParts parts) throws TransientFailureException, InterruptedException {
        return parts.letters().heads(ALL_OPEN).size();
    }
}
