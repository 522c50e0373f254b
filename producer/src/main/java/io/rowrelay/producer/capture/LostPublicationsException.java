package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import org.jspecify.annotations.Nullable;

/**
 * The client gave up changes it had taken, or the topic has lost some: everything after the last checkpoint is to be published
 * again, by a new session, which looks at what the topic still holds.
 */
public final class LostPublicationsException extends OutageException {
    /** The message says why. */
    public LostPublicationsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
