package io.rowrelay.admin.look.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.DeadLetterTable;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.record.SeenLetters;
import java.util.List;
import java.util.Map;

/** What the destination knows of a stream's dead letters. */
public final class KnownLetters {
    private static final String DOING = "counting dead letters";

    private final Database destination;
    private final String stream;

    public KnownLetters(Database destination, String stream) {
        this.destination = destination;
        this.stream = stream;
    }

    /** Where the consumer's reading of the topic of that identity ended, by partition. */
    public Map<Integer, Long> readTo(String topicId) throws OutageException {
        return destination.read(
                DOING, connection -> DeadLetterTable.of(connection, stream).readTo(topicId));
    }

    /** Counts what is known there and what was read beyond. */
    public DeadLetterCounts count(String topicId, List<SeenLetters> letters) throws OutageException {
        return destination.read(
                DOING, connection -> DeadLetterTable.of(connection, stream).count(topicId, letters));
    }
}
