package io.rowrelay.consumer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rowrelay.stream.cut.WindowHeaders;
import io.rowrelay.stream.record.Rejected;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The numbers of each table of a stream that is applied in cuts, from the first change of it on. Written by the loop, read by any
 * thread.
 */
final class AppliedTables {
    /** Names come from records, which others may write too. */
    private static final int MOST = 10_000;

    private final MeterRegistry registry;
    private final Map<String, Numbers> tables = new HashMap<>();
    private BooleanSupplier active = () -> true;
    private volatile Map<String, Long> waiting = Map.of();
    private volatile Set<String> paused = Set.of();

    /** Those of one table. */
    private final class Numbers {
        private final Counter changes;
        private final Counter letters;

        Numbers(String table) {
            changes = counter(
                    "rowrelay.table.changes.applied",
                    "Changes of the table in windows that were applied, those that the destination had already included",
                    table);
            letters = counter(
                    "rowrelay.table.records.deadlettered",
                    "Records of the table moved to the dead-letter topic",
                    table);
            Gauge.builder(
                            "rowrelay.table.changes.waiting",
                            () -> active.getAsBoolean() ? waiting.getOrDefault(table, 0L) : Double.NaN)
                    .description("Changes of the table that are in its topic or read, and not applied yet")
                    .tag("table", table)
                    .register(registry);
            Gauge.builder("rowrelay.table.paused", () -> paused.contains(table) ? 1 : 0)
                    .description("1 while the table is paused, and its changes are left out")
                    .tag("table", table)
                    .register(registry);
        }
    }

    AppliedTables(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Takes up whether this consumer applies; a standby does not know what waits. */
    void show(BooleanSupplier applies) {
        active = applies;
    }

    /** These tables are paused now. */
    void paused(Set<String> names) {
        paused = Set.copyOf(names);
        names.forEach(table -> with(table, known -> {}));
    }

    /** Changes of each table were committed. */
    void applied(Map<String, Long> changes) {
        changes.forEach((table, count) -> {
            if (!paused.contains(table)) {
                with(table, known -> known.changes.increment((double) count));
            }
        });
    }

    /** Changes of each table wait now. */
    void waiting(Map<String, Long> changes) {
        waiting = Map.copyOf(changes);
        changes.keySet().forEach(table -> with(table, known -> {}));
    }

    /** Records are on the dead-letter topic; those that name no table are none of a table's. */
    void deadLettered(List<Rejected> rejected) {
        for (Rejected each : rejected) {
            WindowHeaders.of(each.origin().headers())
                    .ifPresent(headers -> with(headers.table(), known -> known.letters.increment()));
        }
    }

    private void with(String table, Consumer<Numbers> work) {
        if (tables.size() < MOST || tables.containsKey(table)) {
            work.accept(tables.computeIfAbsent(table, Numbers::new));
        }
    }

    private Counter counter(String name, String description, String table) {
        return Counter.builder(name)
                .description(description)
                .tag("table", table)
                .register(registry);
    }
}
