package io.rowrelay.stream.cut;

import io.rowrelay.stream.record.TopicRecord.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What each record of a stream of several tables carries in its headers, as text in UTF-8.
 *
 * @param table the source table as SQL prints it, with its schema
 * @param xid the transaction that made the change
 * @param window the window that it belongs to
 */
public record WindowHeaders(String table, long xid, WindowId window) {
    /** Name of the header of the table. */
    public static final String TABLE = "rowrelay.table";
    /** Name of the header of the transaction, in decimal. */
    public static final String XID = "rowrelay.xid";
    /** Name of the header of the window. */
    public static final String WINDOW = "rowrelay.window";

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}");

    /** Reads them; empty where one is missing or is not what a producer writes. */
    public static Optional<WindowHeaders> of(List<Header> headers) {
        String table = null;
        String xid = null;
        String window = null;
        for (Header header : headers) {
            switch (header.name()) {
                case TABLE -> table = text(header.value());
                case XID -> xid = text(header.value());
                case WINDOW -> window = text(header.value());
                default -> {
                    // Somebody else's.
                }
            }
        }
        if (table == null
                || xid == null
                || window == null
                || !DECIMAL.matcher(xid).matches()) {
            return Optional.empty();
        }
        String found = table;
        long transaction = Long.parseLong(xid);
        return WindowId.parse(window).map(id -> new WindowHeaders(found, transaction, id));
    }

    private static @Nullable String text(byte @Nullable [] value) {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** The headers that a record carries. */
    public List<Header> headers() {
        return List.of(
                new Header(TABLE, table.getBytes(StandardCharsets.UTF_8)),
                new Header(XID, Long.toString(xid).getBytes(StandardCharsets.US_ASCII)),
                new Header(WINDOW, window.toString().getBytes(StandardCharsets.US_ASCII)));
    }
}
