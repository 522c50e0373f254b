package io.rowrelay.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rowrelay.common.jdbc.Databases;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.StopSignal;
import io.rowrelay.consumer.jdbc.JdbcApplyMode;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.stream.ApplyMode;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer's parts, put together: read top to bottom it is the architecture. */
public final class ConsumerDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerDaemon.class);

    private ConsumerDaemon() {}

    /**
     * Applies changes until stop is asked, then finishes the current batch.
     *
     * @throws RuntimeException when going on could lose changes; no offset of anything unfinished has been committed
     */
    public static void run(ConsumerSettings settings, Readiness health, MeterRegistry registry, StopSignal stop)
            throws InterruptedException {
        settings.kafka().warnOfOpenPasswords();
        try (HikariDataSource pool = Databases.open(
                settings.destination(),
                "rowrelay-consumer-" + settings.stream().name(),
                3,
                JdbcChangeApplier.SESSION,
                registry)) {
            KnownMode known =
                    new KnownMode(new JdbcApplyMode(pool, settings.stream().name()));
            ApplyMode mode = known.first();
            Set<Meter> others = Set.copyOf(registry.getMeters());
            try {
                apply(mode, known, settings, pool, health, registry, stop);
            } catch (KnownMode.EndException another) {
                LOG.info(
                        "the destination applies stream {} {}",
                        settings.stream().name(),
                        another.mode());
                registry.getMeters().stream()
                        .filter(meter -> !others.contains(meter))
                        .forEach(registry::remove);
                apply(another.mode(), known, settings, pool, health, registry, stop);
            }
        }
    }

    private static void apply(
            ApplyMode mode,
            KnownMode known,
            ConsumerSettings settings,
            HikariDataSource pool,
            Readiness health,
            MeterRegistry registry,
            StopSignal stop)
            throws InterruptedException {
        switch (mode) {
            case ONE_TABLE ->
                new RowsDaemon(settings, pool, health, registry, stop).run(RowsSubject.oneTable(settings, pool, known));
            case ROWS ->
                new RowsDaemon(settings, pool, health, registry, stop).run(RowsSubject.manyTables(settings, pool));
            case CUTS -> CutsDaemon.run(settings, pool, health, registry, stop);
        }
    }
}
