package io.rowrelay.sandbox.process;

/** Something that the user of the sandbox is told in one message, without a stack trace. */
public final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SandboxException(String message) {
        super(message);
    }
}
