package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.PublishedOffsets.Last;
import io.rowrelay.stream.record.Partition;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The last publications to a topic as three columns: its id, an array of offsets and one of action_ids, partition 0 first. */
final class PublishedArrays {
    private final String topic;

    PublishedArrays(String topic) {
        this.topic = topic;
    }

    /** Sets three parameters; returns the number of the next. */
    int set(PreparedStatement statement, int first, PublishedOffsets published) throws SQLException {
        int size = published.partitions().keySet().stream()
                .filter(partition -> partition.topic().equals(topic))
                .mapToInt(partition -> partition.number() + 1)
                .max()
                .orElse(0);
        Long[] offsets = new Long[size];
        Long[] actionIds = new Long[size];
        for (int number = 0; number < size; number++) {
            Last last = published.last(new Partition(topic, number));
            offsets[number] = last.nextOffset();
            actionIds[number] = last.actionId();
        }
        statement.setString(first, published.topicIds().getOrDefault(topic, ""));
        statement.setArray(first + 1, statement.getConnection().createArrayOf("bigint", offsets));
        statement.setArray(first + 2, statement.getConnection().createArrayOf("bigint", actionIds));
        return first + 3;
    }

    /** Reads the three columns; they stand for no topic where they are null. */
    PublishedOffsets read(ResultSet row, int first) throws SQLException {
        String topicId = row.getString(first);
        if (topicId == null) {
            return new PublishedOffsets(Map.of(), Map.of());
        }
        Long[] offsets = numbers(row.getArray(first + 1));
        Long[] actionIds = numbers(row.getArray(first + 2));
        Map<Partition, Last> partitions = new HashMap<>();
        for (int number = 0; number < Math.min(offsets.length, actionIds.length); number++) {
            partitions.put(new Partition(topic, number), new Last(offsets[number], actionIds[number]));
        }
        return new PublishedOffsets(Map.of(topic, topicId), partitions);
    }

    private static Long[] numbers(Array array) throws SQLException {
        return (Long[]) array.getArray();
    }
}
