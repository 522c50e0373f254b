package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.TopicClient;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Somebody who puts records on the topic that nobody can apply; each carries {@value #MARK}. Used by one thread. */
final class Stranger {
    /** What tells such a record from a change. */
    static final String MARK = "\"chaos-garbage\"";

    private final String bootstrapServers;
    private final String topic;
    private int number;

    Stranger(String bootstrapServers, String topic) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
    }

    /** Goes on until the latch opens. */
    void run(CountDownLatch ending, SplittableRandom random) throws InterruptedException {
        try (TopicClient client = new TopicClient(bootstrapServers)) {
            while (!ending.await(random.nextInt(3_000, 12_000), TimeUnit.MILLISECONDS)) {
                send(client, random);
            }
        }
    }

    private void send(TopicClient client, SplittableRandom random) {
        try {
            String key = Integer.toString(random.nextInt(1_000));
            client.send(topic, key, garbage(key, random.nextInt(6)));
        } catch (IllegalStateException unknown) {
            // It may be there or not: what is on the topic in the end counts.
        }
    }

    private String garbage(String key, int shape) {
        String end = MARK + ":" + ++number;
        return switch (shape) {
            case 0 -> "not JSON " + end;
            case 1 -> "{" + end;
            case 2 -> "[{" + end + "}]";
            case 3 -> "{\"action_id\":1,\"action\":\"UPSERT\",\"emp_id\":" + key + "," + end + "}";
            case 4 -> "{\"action_id\":0,\"action\":\"INSERT\",\"emp_id\":" + key + "," + end + "}";
            default -> "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":" + key + "1," + end + "}";
        };
    }
}
