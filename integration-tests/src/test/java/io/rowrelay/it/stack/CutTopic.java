package io.rowrelay.it.stack;

import io.rowrelay.sandbox.stack.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Takes the tail of a topic away, as a broker that loses power does with what its disk has not got yet. */
public final class CutTopic {
    private static final int BATCH_LENGTH_AT = 8;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int BATCH_HEADER = 27;
    private static final int OVERHEAD = 12;

    private CutTopic() {}

    /** Kills the broker, cuts a partition so that it holds no record from the offset on, and starts the broker again. */
    public static void at(BrokerProcess broker, String topic, int partition, long offset) {
        broker.kill();
        cut(broker.dataDirectory(), topic, partition, offset);
        broker.start();
    }

    /** Cuts a partition of a broker that does not run, whose log is one segment. */
    public static void cut(Path data, String topic, int partition, long offset) {
        Path directory = data.resolve(topic + "-" + partition);
        try (FileChannel log = FileChannel.open(
                directory.resolve("00000000000000000000.log"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            log.truncate(positionOf(log, offset));
            // The broker finds out by itself what these say, and would believe them otherwise.
            for (String remembered : List.of("recovery-point-offset-checkpoint", "replication-offset-checkpoint")) {
                Files.deleteIfExists(data.resolve(remembered));
            }
            for (String made : List.of("00000000000000000000.index", "00000000000000000000.timeindex")) {
                Files.deleteIfExists(directory.resolve(made));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where the batch begins that holds the offset, or one behind it. */
    private static long positionOf(FileChannel log, long offset) throws IOException {
        long position = 0;
        ByteBuffer header = ByteBuffer.allocate(BATCH_HEADER);
        while (log.read(header.clear(), position) == BATCH_HEADER) {
            long last = header.getLong(0) + header.getInt(LAST_OFFSET_DELTA_AT);
            if (last >= offset) {
                return position;
            }
            position += OVERHEAD + header.getInt(BATCH_LENGTH_AT);
        }
        throw new IllegalArgumentException("the partition ends before offset " + offset);
    }
}
