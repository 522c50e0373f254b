package io.rowrelay.stream.progress.jdbc;

import io.rowrelay.stream.record.Partition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where in cdc_progress each partition's row was last seen, its ctid. A hint: what is not there any more is looked up. Not
 * thread-safe.
 */
final class RowAddresses {
    private final Map<Partition, String> seen = new HashMap<>();

    void saw(Partition partition, String address) {
        seen.put(partition, address);
    }

    boolean knows(Partition partition) {
        return seen.containsKey(partition);
    }

    String of(Partition partition) {
        return Objects.requireNonNull(seen.get(partition), "not seen yet");
    }

    List<Partition> known() {
        return List.copyOf(seen.keySet());
    }

    /** The page of the table. */
    long page(Partition partition) {
        String address = of(partition);
        return Long.parseLong(address.substring(1, address.indexOf(',')));
    }
}
