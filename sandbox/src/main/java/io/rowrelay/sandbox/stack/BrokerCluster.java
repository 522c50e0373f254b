package io.rowrelay.sandbox.stack;

import java.util.List;
import java.util.stream.Collectors;

/** Several brokers that form one KRaft cluster, each a process of its own. All methods are safe to call from any thread. */
public final class BrokerCluster implements KafkaBroker {
    private final List<BrokerProcess> brokers;

    BrokerCluster(List<BrokerProcess> brokers) {
        this.brokers = List.copyOf(brokers);
    }

    /** The brokers; the first is node 1. */
    public List<BrokerProcess> brokers() {
        return brokers;
    }

    /** The broker with this node id. */
    public BrokerProcess broker(int nodeId) {
        return brokers.get(nodeId - 1);
    }

    /** Starts those that do not run, at once: none gets ready before a majority is there. */
    @Override
    public void start() {
        Parallel.run(brokers.stream().<Runnable>map(each -> each::start).toArray(Runnable[]::new));
    }

    @Override
    public void stop() {
        Parallel.run(brokers.stream().<Runnable>map(each -> each::stop).toArray(Runnable[]::new));
    }

    @Override
    public String bootstrapServers() {
        return brokers.stream().map(KafkaBroker::bootstrapServers).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        Parallel.run(brokers.stream().<Runnable>map(each -> each::close).toArray(Runnable[]::new));
    }
}
