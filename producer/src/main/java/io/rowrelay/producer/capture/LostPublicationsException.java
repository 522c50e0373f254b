package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.TransientFailureException;
import org.jspecify.annotations.Nullable;

/** The client gave up changes it had taken: everything after the last checkpoint is to be published again. */
public final class LostPublicationsException extends TransientFailureException {
    /** The message says why. */
    public LostPublicationsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
