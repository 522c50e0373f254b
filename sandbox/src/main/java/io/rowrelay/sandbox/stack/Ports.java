package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Finds free TCP ports of the loopback address. */
public final class Ports {
    /** The address that everything in the sandbox listens on: nothing is reachable from another machine. */
    public static final String LOOPBACK = "127.0.0.1";

    /** The largest number that a port can have. */
    public static final int LARGEST = 65_535;

    private static final int LOWEST = 10_240;
    /** From here on Linux takes ports for outgoing connections; others do from higher ones. */
    private static final int OUTGOING = 32_768;

    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** The wanted port, or any free one when zero is wanted. */
    static int orAnyFree(int wanted) {
        return wanted == 0 ? anyFree() : wanted;
    }

    /**
     * A port that was free a moment ago, and that nobody in this JVM was given before. Outgoing connections get theirs from above
     * the range: one of them could take the port before anything listens on it.
     */
    public static int anyFree() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, OUTGOING);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on " + LOOPBACK, e);
        }
    }

    /** The wanted port if nothing listens on it, otherwise any free one. */
    public static int preferring(int wanted) {
        return isFree(wanted) ? wanted : anyFree();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, loopback())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
