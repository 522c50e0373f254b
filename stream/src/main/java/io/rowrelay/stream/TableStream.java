package io.rowrelay.stream;

/**
 * The name under which a destination keeps what it remembers of one table of a stream of many that it applies row by row: progress,
 * tombstones, locks and the note that the stream writes the table. In SQL: cdc_destination_rows.
 */
public final class TableStream {
    private static final String SEPARATOR = "/";

    private TableStream() {}

    /** The name; {@code topic} is that of the table's changes, and begins with the name of the stream. */
    public static String of(String stream, String topic) {
        String prefix = stream + ".";
        if (!topic.startsWith(prefix)) {
            throw new IllegalArgumentException("topic " + topic + " is not one of stream " + stream);
        }
        return prefix(stream) + topic.substring(prefix.length());
    }

    /** The topic of the table that has such a name. */
    public static String topic(String stream, String name) {
        return stream + "." + name.substring(prefix(stream).length());
    }

    /** What all these names of a stream begin with. */
    public static String prefix(String stream) {
        return stream + SEPARATOR;
    }
}
