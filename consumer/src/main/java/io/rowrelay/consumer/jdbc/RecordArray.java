package io.rowrelay.consumer.jdbc;

import java.util.List;

/**
 * The values of records as one JSON array in UTF-8, and where each begins, so that the server can cut pieces out. The
 * arrays are handed through and never written to.
 *
 * @param bytes the array
 * @param begins the place of each member, counted from 1 as PostgreSQL does, and one past the closing bracket
 */
@SuppressWarnings("ArrayRecordComponent")
record RecordArray(byte[] bytes, Integer[] begins) {
    static RecordArray of(List<byte[]> records) {
        int length = records.stream().mapToInt(record -> record.length + 1).sum() + 1;
        byte[] bytes = new byte[length];
        Integer[] begins = new Integer[records.size() + 1];
        int place = 0;
        for (int i = 0; i < records.size(); i++) {
            byte[] json = records.get(i);
            bytes[place] = (byte) (i == 0 ? '[' : ',');
            begins[i] = place + 2;
            System.arraycopy(json, 0, bytes, place + 1, json.length);
            place += json.length + 1;
        }
        bytes[place] = ']';
        begins[records.size()] = place + 2;
        return new RecordArray(bytes, begins);
    }
}
