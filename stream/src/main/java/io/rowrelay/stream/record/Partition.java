package io.rowrelay.stream.record;

/**
 * A partition of a topic.
 *
 * @param topic the topic's name
 * @param number from 0 on
 */
public record Partition(String topic, int number) {
    @Override
    public String toString() {
        return topic + "-" + number;
    }
}
