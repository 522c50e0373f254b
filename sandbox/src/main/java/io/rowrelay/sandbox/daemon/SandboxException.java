package io.rowrelay.sandbox.daemon;

/** Something that the user of the sandbox is told in one message, without a stack trace. */
public final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SandboxException(String message) {
        super(message);
    }
}
