package io.rowrelay.it.stack;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the connections of a link may carry at the moment. Safe for any thread. */
final class Gate {
    private boolean requestsStalled;
    private boolean repliesStalled;
    private @Nullable String heldText;
    private Set<Integer> heldRequests = Set.of();
    private Set<Integer> heldReplies = Set.of();
    private int held;

    synchronized void stall(boolean requests, boolean replies) {
        requestsStalled = requests;
        repliesStalled = replies;
        notifyAll();
    }

    synchronized void holdRequests(Set<Integer> apiKeys) {
        heldRequests = apiKeys;
        notifyAll();
    }

    synchronized void holdText(String text) {
        heldText = text;
    }

    synchronized void holdReplies(Set<Integer> apiKeys) {
        heldReplies = apiKeys;
        notifyAll();
    }

    synchronized void open() {
        heldRequests = Set.of();
        heldReplies = Set.of();
        heldText = null;
        held = 0;
        stall(false, false);
    }

    synchronized int held() {
        return held;
    }

    /** Returns when bytes may go to the server. */
    synchronized void passRequest(byte[] chunk, int length) throws InterruptedException {
        String text = heldText;
        boolean holds = text != null && new String(chunk, 0, length, StandardCharsets.ISO_8859_1).contains(text);
        if (holds) {
            held++;
        }
        while (requestsStalled || (holds && text != null && text.equals(heldText))) {
            wait();
        }
    }

    /** Returns when a Kafka request may go to the server; tells whether its replies are to be held. */
    synchronized boolean passRequest(int apiKey) throws InterruptedException {
        if (heldRequests.contains(apiKey)) {
            held++;
        }
        while (requestsStalled || heldRequests.contains(apiKey)) {
            wait();
        }
        if (heldReplies.contains(apiKey)) {
            held++;
            return true;
        }
        return false;
    }

    /** Returns when bytes may go to the client. */
    synchronized void passReply(LinkConnection connection) throws InterruptedException {
        while (repliesStalled || (connection.repliesHeld() && !heldReplies.isEmpty())) {
            wait();
        }
    }
}
