package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.runtime.OutageException;

/** A destination table is not there, or cannot be written as it is; the message says what to do. */
public final class UnpreparedTableException extends OutageException {
    private static final long serialVersionUID = 1;

    UnpreparedTableException(String message) {
        super(message, null);
    }
}
