package io.rowrelay.it.stack;

import java.util.Set;

/** What the connections of a link may carry at the moment. Safe for any thread. */
final class Gate {
    private boolean requestsStalled;
    private boolean repliesStalled;
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

    synchronized void holdReplies(Set<Integer> apiKeys) {
        heldReplies = apiKeys;
        notifyAll();
    }

    synchronized void open() {
        heldRequests = Set.of();
        heldReplies = Set.of();
        held = 0;
        stall(false, false);
    }

    synchronized int held() {
        return held;
    }

    /** Returns when bytes may go to the server. */
    synchronized void passRequest() throws InterruptedException {
        while (requestsStalled) {
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
