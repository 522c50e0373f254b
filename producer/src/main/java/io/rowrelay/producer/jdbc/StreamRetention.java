package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.producer.capture.ServedStream;
import io.rowrelay.stream.CapturedTable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The retention of all tables of a stream: a few tables a step, and each of them once a round. Not thread-safe. */
public final class StreamRetention implements Task {
    private static final int TABLES = 5;

    private final ServedStream stream;
    private final Function<CapturedTable, Retention> retentions;
    private final Map<CapturedTable, Retention> known = new HashMap<>();
    private Iterator<CapturedTable> left = List.<CapturedTable>of().iterator();

    /** With a retention for each table. */
    public StreamRetention(ServedStream stream, Function<CapturedTable, Retention> retentions) {
        this.stream = stream;
        this.retentions = retentions;
    }

    @Override
    public int step() throws OutageException {
        if (!left.hasNext()) {
            List<CapturedTable> tables =
                    stream.served().orElse(stream.configured()).tables();
            known.keySet().retainAll(tables);
            left = tables.iterator();
        }
        int removed = 0;
        for (int i = 0; i < TABLES && left.hasNext(); i++) {
            removed += known.computeIfAbsent(left.next(), retentions).step();
        }
        return left.hasNext() ? Math.max(1, removed) : removed;
    }
}
