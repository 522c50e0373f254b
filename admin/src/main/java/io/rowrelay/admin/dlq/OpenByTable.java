package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.common.runtime.OutageException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts the open dead letters of each table of a stream of many. */
public final class OpenByTable {
    private OpenByTable() {}

    /** By the name of the table; those that have none are left out. Reads the whole dead-letter topic. */
    public static Map<String, Long> count(AdminSettings stream, List<RegisteredTable> tables)
            throws OutageException, InterruptedException {
        try (DlqSession session = DlqSession.ofMany(stream, tables, CommandClock.SYSTEM)) {
            Optional<String> id = session.topic().id();
            Map<String, Long> open = new HashMap<>();
            if (id.isPresent()) {
                Map<DeadLetterId, Handling> known = session.handling().of(id.get());
                session.topic().read(Instant.EPOCH, letter -> {
                    if (known.getOrDefault(letter.id(), Handling.NONE).state() == Handling.State.OPEN) {
                        session.table(letter).ifPresent(table -> open.merge(table.name(), 1L, Long::sum));
                    }
                });
            }
            return open;
        }
    }
}
