package io.rowrelay.stream.record;

import java.util.Comparator;

/**
 * A partition of a topic.
 *
 * @param topic the topic's name
 * @param number from 0 on
 */
public record Partition(String topic, int number) implements Comparable<Partition> {
    private static final Comparator<Partition> ORDER =
            Comparator.comparing(Partition::topic).thenComparingInt(Partition::number);

    @Override
    public int compareTo(Partition other) {
        return ORDER.compare(this, other);
    }

    /** As Kafka prints it. */
    @Override
    public String toString() {
        return topic + "-" + number;
    }
}
