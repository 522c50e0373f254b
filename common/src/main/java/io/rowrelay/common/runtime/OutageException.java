package io.rowrelay.common.runtime;

import org.jspecify.annotations.Nullable;

/**
 * An outage: the same work is to be repeated until it succeeds or stop is asked.
 *
 * <p>The message says what is out and why, in one line without secrets and row values: it is what the log and the health
 * endpoint show.
 */
public class OutageException extends Exception {
    private final String outage;
    private final boolean dataAtRisk;
    private final boolean waitingForAHuman;

    /** An outage of a dependency; another message is another outage. */
    public OutageException(String message, @Nullable Throwable cause) {
        this(message, message, cause, false, false);
    }

    private OutageException(
            String outage, String message, @Nullable Throwable cause, boolean dataAtRisk, boolean waitingForAHuman) {
        super(message, cause);
        this.outage = outage;
        this.dataAtRisk = dataAtRisk;
        this.waitingForAHuman = waitingForAHuman;
    }

    /** A state in which going on could miss changes; waited out like an outage, but reported as an error. */
    public static OutageException dataAtRisk(String message) {
        return new OutageException(message, message, null, true, true);
    }

    /** A state that ends only when a human acts; nothing is at risk, but it is reported as an error. */
    public static OutageException waitingForAHuman(String message) {
        return new OutageException(message, message, null, false, true);
    }

    /**
     * A dependency out of reach: it is one outage, whatever the work and the messages of the attempts are.
     *
     * @param dependency its name
     */
    public static OutageException outOfReach(String dependency, String message, @Nullable Throwable cause) {
        return new OutageException(dependency, message, cause, false, false);
    }

    /** What makes two failures one outage. */
    public String outage() {
        return outage;
    }

    /** Whether changes may be missing or going missing, so that a human has to act. */
    public boolean isDataAtRisk() {
        return dataAtRisk;
    }

    /** Whether the wait ends only when a human acts. */
    public boolean isWaitingForAHuman() {
        return waitingForAHuman;
    }
}
