package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.PublishedOffsets.Last;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** What was published, as three columns: the topic's id, and an array each of offsets and action_ids, partition 0 first. */
final class PublishedArrays {
    private PublishedArrays() {}

    /** Sets three parameters; returns the number of the next. */
    static int set(PreparedStatement statement, int first, PublishedOffsets published) throws SQLException {
        int size = published.partitions().keySet().stream()
                .mapToInt(partition -> partition + 1)
                .max()
                .orElse(0);
        Long[] offsets = new Long[size];
        Long[] actionIds = new Long[size];
        for (int partition = 0; partition < size; partition++) {
            Last last = published.last(partition);
            offsets[partition] = last.nextOffset();
            actionIds[partition] = last.actionId();
        }
        statement.setString(first, published.topicId());
        statement.setArray(first + 1, statement.getConnection().createArrayOf("bigint", offsets));
        statement.setArray(first + 2, statement.getConnection().createArrayOf("bigint", actionIds));
        return first + 3;
    }

    /** Reads the three columns. */
    static PublishedOffsets read(ResultSet row, int first) throws SQLException {
        Long[] offsets = numbers(row.getArray(first + 1));
        Long[] actionIds = numbers(row.getArray(first + 2));
        Map<Integer, Last> partitions = new HashMap<>();
        for (int partition = 0; partition < Math.min(offsets.length, actionIds.length); partition++) {
            partitions.put(partition, new Last(offsets[partition], actionIds[partition]));
        }
        return new PublishedOffsets(String.valueOf(row.getString(first)), partitions);
    }

    private static Long[] numbers(Array array) throws SQLException {
        return (Long[]) array.getArray();
    }
}
