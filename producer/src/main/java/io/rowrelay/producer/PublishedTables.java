package io.rowrelay.producer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of each table of a stream that is published in cuts; a stream of one table that the source has no registry of has none.
 * Written by the loop, read by any thread.
 */
final class PublishedTables {
    private static final double MICROS = 1e6;

    private final MeterRegistry registry;
    private final Map<String, Published> tables = new HashMap<>();
    private volatile Supplier<Set<String>> unsound = Set::of;

    /** Those of one table. */
    private final class Published {
        private final Counter changes;
        private final Gauge newest;
        private final Gauge problem;
        private volatile long newestMicros;

        Published(String table) {
            changes = Counter.builder("rowrelay.table.changes.published")
                    .description("Changes of the table acknowledged by Kafka")
                    .tag("table", table)
                    .register(registry);
            newest = Gauge.builder(
                            "rowrelay.table.newest.change.timestamp.seconds",
                            () -> newestMicros == 0 ? Double.NaN : newestMicros / MICROS)
                    .description("When the newest published change of the table was made, since 1970")
                    .tag("table", table)
                    .register(registry);
            problem = Gauge.builder(
                            "rowrelay.table.unsound", () -> unsound.get().contains(table) ? 1 : 0)
                    .description("1 while the capture of the table is not sound")
                    .tag("table", table)
                    .register(registry);
        }

        void count(long published, long newestOfThem) {
            changes.increment((double) published);
            newestMicros = Math.max(newestMicros, newestOfThem);
        }

        void remove() {
            List.of(changes, newest, problem).forEach(registry::remove);
        }
    }

    PublishedTables(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Takes up which tables have an unsound capture. */
    void showUnsound(Supplier<Set<String>> names) {
        unsound = names;
    }

    /** These are the tables from now on. */
    void serve(Stream stream) {
        Set<String> now = new HashSet<>();
        if (stream.inCuts()) {
            stream.tables().forEach(table -> now.add(table.sourceTable()));
        }
        tables.entrySet().removeIf(each -> {
            boolean gone = !now.contains(each.getKey());
            if (gone) {
                each.getValue().remove();
            }
            return gone;
        });
        now.forEach(name -> tables.computeIfAbsent(name, Published::new));
    }

    /** Changes were acknowledged. Mostly many of a table follow each other. */
    void published(List<Change> changes) {
        if (tables.isEmpty()) {
            return;
        }
        @Nullable CapturedTable table = null;
        long count = 0;
        long newest = 0;
        for (Change change : changes) {
            if (table != null && !table.equals(change.table())) {
                count(table, count, newest);
                count = 0;
                newest = 0;
            }
            table = change.table();
            count++;
            newest = Math.max(newest, change.changedAtMicros());
        }
        if (table != null) {
            count(table, count, newest);
        }
    }

    private void count(CapturedTable table, long count, long newest) {
        Published known = tables.get(table.sourceTable());
        if (known != null) {
            known.count(count, newest);
        }
    }
}
