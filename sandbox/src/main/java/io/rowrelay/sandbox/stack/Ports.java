package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds free TCP ports of the loopback address. */
public final class Ports {
    /** The address that everything in the sandbox listens on: nothing is reachable from another machine. */
    public static final String LOOPBACK = "127.0.0.1";

    private Ports() {}

    /** The wanted port, or any free one when zero is wanted. */
    static int orAnyFree(int wanted) {
        return wanted == 0 ? anyFree() : wanted;
    }

    /** A port that was free a moment ago. */
    public static int anyFree() {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on " + LOOPBACK, e);
        }
    }

    /** The wanted port if nothing listens on it, otherwise any free one. */
    public static int preferring(int wanted) {
        try (ServerSocket socket = new ServerSocket(wanted, 1, loopback())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            return anyFree();
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
