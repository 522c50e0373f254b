package io.rowrelay.producer.kafka;

import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.WindowPart;
import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.CutRecord.Missing;
import io.rowrelay.stream.cut.CutRecord.Opened;
import io.rowrelay.stream.cut.WindowHeaders;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** One window on its way to the topics: what its records carry, and how many went where. Not thread-safe. */
final class WindowRecords {
    private final WindowId id;
    private final long source;
    private final Header window;
    private final Map<String, Header> tables = new HashMap<>();
    private final Map<Partition, Long> counts = new HashMap<>();
    private @Nullable Header xid;
    private long lastXid;

    WindowRecords(WindowId id, long source) {
        this.id = id;
        this.source = source;
        this.window = header(WindowHeaders.WINDOW, id.toString());
    }

    WindowId id() {
        return id;
    }

    /** The headers of a change, those that are given among them. */
    List<Header> headers(Change change, List<Header> given) {
        List<Header> headers = new ArrayList<>(given);
        headers.add(tables.computeIfAbsent(change.table().sourceTable(), name -> header(WindowHeaders.TABLE, name)));
        headers.add(xid(change.xid()));
        headers.add(window);
        return headers;
    }

    /** Most changes are of the same transaction as the one before. */
    private Header xid(long of) {
        Header known = xid;
        if (known == null || of != lastXid) {
            known = header(WindowHeaders.XID, Long.toString(of));
            xid = known;
            lastXid = of;
        }
        return known;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A record has been handed over, or its reference. */
    void count(String topic, int partition) {
        counts.merge(new Partition(topic, partition), 1L, Long::sum);
    }

    /** Says that the first of several pages comes. */
    CutRecord opened(WindowPart part) {
        return new Opened(id, source, part.s1());
    }

    /** Says that all has been handed over. */
    CutRecord cut(WindowPart part, WindowPart.End end) {
        return new Cut(id, source, part.s1(), end.s2(), end.takenAt(), counts);
    }

    /** Says that a record which was counted is none of its topic. */
    CutRecord missing(String topic, int partition) {
        return new Missing(id, source, Map.of(new Partition(topic, partition), 1L));
    }
}
