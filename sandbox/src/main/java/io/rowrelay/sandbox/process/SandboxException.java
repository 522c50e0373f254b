package io.rowrelay.sandbox.process;

/** A failure that one message explains to the user of the sandbox, without a stack trace. */
public final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SandboxException(String message) {
        super(message);
    }
}
