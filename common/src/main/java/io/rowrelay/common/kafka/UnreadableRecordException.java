package io.rowrelay.common.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** A record needs more memory than the process has. The message says where it lies, and how to pass it. */
public final class UnreadableRecordException extends KafkaException {
    private static final int MEGABYTE = 1 << 20;

    private final TopicPartition partition;
    private final long offset;

    UnreadableRecordException(TopicPartition partition, long offset, String servers) {
        super("record " + partition + "@" + offset + " does not fit the memory of this process, "
                + Runtime.getRuntime().maxMemory() / MEGABYTE
                + " MB: few bytes on the topic can unpack to very many. If it is a change, give the process more memory (-Xmx). If"
                + " somebody else wrote it, remove it, together with all before it in its partition: kafka-delete-records.sh"
                + " --bootstrap-server " + servers
                + " --offset-json-file FILE, with {\"version\":1,\"partitions\":[{\"topic\":\""
                + partition.topic() + "\",\"partition\":" + partition.partition() + ",\"offset\":" + (offset + 1)
                + "}]} in FILE; first let every reader come so far");
        this.partition = partition;
        this.offset = offset;
    }

    /** The partition that it lies in. */
    public TopicPartition partition() {
        return partition;
    }

    /** Its offset. */
    public long offset() {
        return offset;
    }
}
