package io.rowrelay.stream.kafka;

import io.rowrelay.stream.record.DeadLetterNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a dead letter: why it was rejected and where it was, under the names that Kafka Connect uses, so that existing tools read them.
 * All values are strings in UTF-8, as those of Connect are. DeadLetterContent of the consumer and ChangeReferences of the producer decide
 * what goes into them.
 *
 * <p>Source of the names: KIP-298, "Error Handling in Connect".
 */
public final class DeadLetterHeaders {
    private static final String PREFIX = DeadLetterNames.CONNECT;
    private static final int LONGEST_MESSAGE = 2_000;
    private static final int LONGEST_STACK_TRACE = 4_000;

    private final List<Header> headers = new ArrayList<>();

    /** Where the record was. Partition and offset are null for a change that never was on a topic. */
    public DeadLetterHeaders origin(String topic, @Nullable Integer partition, @Nullable Long offset) {
        add(DeadLetterNames.TOPIC, topic);
        if (partition != null) {
            add(DeadLetterNames.PARTITION, partition.toString());
        }
        if (offset != null) {
            add(DeadLetterNames.OFFSET, offset.toString());
        }
        return this;
    }

    /** The part that found it: the daemon's name for the stream, its number among its like, and the stage of its work. */
    public DeadLetterHeaders finder(String connector, String task, String stage, String stageClass) {
        add(PREFIX + "connector.name", connector);
        add(PREFIX + "task.id", task);
        add(DeadLetterNames.STAGE, stage);
        add(PREFIX + "class.name", stageClass);
        return this;
    }

    /** Why. */
    public DeadLetterHeaders reason(String exceptionClass, String message, String stackTrace) {
        add(DeadLetterNames.EXCEPTION, exceptionClass);
        add(DeadLetterNames.MESSAGE, shortened(message, LONGEST_MESSAGE));
        add(PREFIX + "exception.stacktrace", shortened(stackTrace, LONGEST_STACK_TRACE));
        return this;
    }

    /** Why, without a value of the row: the same for all that are refused for the same cause. */
    public DeadLetterHeaders inShort(String reason) {
        add(DeadLetterNames.REASON, shortened(reason, LONGEST_MESSAGE));
        return this;
    }

    /** The headers of the record. */
    public DeadLetterHeaders original(List<Header> brought) {
        headers.addAll(brought);
        return this;
    }

    /** Returns the headers so far. */
    public List<Header> list() {
        return List.copyOf(headers);
    }

    private void add(String name, String value) {
        headers.add(header(name, value));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "...";
    }
}
