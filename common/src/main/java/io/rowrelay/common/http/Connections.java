package io.rowrelay.common.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The connections that are open, never too many and none for long. The newest always gets in, since a probe sends its request at
 * once: the oldest of its address gives way, or the oldest of the address that has most. So clients that connect and send
 * nothing keep nobody out. Safe for any thread.
 */
final class Connections {
    static final int MOST = 128;
    static final int MOST_OF_AN_ADDRESS = 32;
    static final Duration LONGEST = Duration.ofSeconds(5);

    private final LongSupplier nanoClock;
    /** The oldest first, each with its end. */
    private final Map<Socket, Long> ends = new LinkedHashMap<>();

    Connections(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Counts it in, and closes another where it is one too many. */
    synchronized void add(Socket socket) {
        ends.put(socket, nanoClock.getAsLong() + LONGEST.toNanos());
        if (ofAddresses().getOrDefault(socket.getInetAddress(), 0) > MOST_OF_AN_ADDRESS) {
            closeOldest(socket.getInetAddress());
        } else if (ends.size() > MOST) {
            closeOldest(Collections.max(ofAddresses().entrySet(), Comparator.comparingInt(Map.Entry::getValue))
                    .getKey());
        }
    }

    /** Counts it out. */
    synchronized void remove(Socket socket) {
        ends.remove(socket);
    }

    /** Closes those that took too long. */
    synchronized void closeOverdue() {
        long now = nanoClock.getAsLong();
        closeAll(each -> ends.getOrDefault(each, now) - now <= 0);
    }

    synchronized void closeAll() {
        closeAll(each -> true);
    }

    private void closeAll(Predicate<Socket> which) {
        ends.keySet().stream().filter(which).toList().forEach(this::close);
    }

    private Map<InetAddress, Integer> ofAddresses() {
        Map<InetAddress, Integer> numbers = new HashMap<>();
        ends.keySet().forEach(each -> numbers.merge(each.getInetAddress(), 1, Integer::sum));
        return numbers;
    }

    private void closeOldest(InetAddress address) {
        ends.keySet().stream()
                .filter(each -> address.equals(each.getInetAddress()))
                .findFirst()
                .ifPresent(this::close);
    }

    private void close(Socket socket) {
        ends.remove(socket);
        try {
            socket.close();
        } catch (IOException isClosedAllTheSame) {
            // Nothing is left to do with it.
        }
    }
}
