package io.rowrelay.stream.apply.jdbc;

import java.util.List;

/**
 * The values of records as one JSON array in UTF-8, and where each begins, so that the server can cut them out. The
 * arrays are handed through and never written to.
 *
 * @param bytes the array
 * @param begins the position of each member, counted from 1 as PostgreSQL does, and one past the closing bracket
 */
@SuppressWarnings("ArrayRecordComponent")
record RecordArray(byte[] bytes, Integer[] begins) {
    static RecordArray of(List<byte[]> records) {
        int length = records.stream().mapToInt(record -> record.length + 1).sum() + 1;
        byte[] bytes = new byte[length];
        Integer[] begins = new Integer[records.size() + 1];
        int position = 0;
        for (int i = 0; i < records.size(); i++) {
            byte[] json = records.get(i);
            bytes[position] = (byte) (i == 0 ? '[' : ',');
            begins[i] = position + 2;
            System.arraycopy(json, 0, bytes, position + 1, json.length);
            position += json.length + 1;
        }
        bytes[position] = ']';
        begins[records.size()] = position + 2;
        return new RecordArray(bytes, begins);
    }
}
