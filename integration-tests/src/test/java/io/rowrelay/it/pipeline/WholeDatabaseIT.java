package io.rowrelay.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.sandbox.shop.Shop;
import io.rowrelay.sandbox.shop.ShopReader;
import io.rowrelay.sandbox.shop.ShopWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From two databases to a replicated schema with one command and one pair of daemons. */
@Tag("nightly")
@Timeout(240)
class WholeDatabaseIT {
    private static final long READS = 200;

    @Test
    void a_shop_that_is_being_written_is_replicated_and_each_read_of_the_destination_finds_a_state_of_the_source()
            throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            pipeline.with("STREAM", pipeline.topic());
            Shop.createTables(pipeline.source());
            Shop.insertRows(pipeline.source());
            AtomicBoolean stop = new AtomicBoolean();
            ShopReader reader = new ShopReader(() -> Databases.connect(pipeline.destinationUrl()), stop::get, 1);
            CompletableFuture<Long> writing =
                    run(new ShopWriter(() -> Databases.connect(pipeline.sourceUrl()), stop::get, 1)::call);
            try {
                admin(pipeline, "init", "--tables", Shop.PATTERN);
                pipeline.startProducer();
                pipeline.startConsumer();

                assertThat(admin(pipeline, "backfill")).contains("has arrived in the destination");

                CompletableFuture<Long> reading = run(reader::call);
                await().atMost(Pipeline.PATIENCE).until(() -> reader.reads() >= READS || reading.isDone());
                assertThat(admin(pipeline, "verify")).contains("equal: no row differs");
            } finally {
                stop.set(true);
            }

            assertThat(writing.join()).isPositive();
            assertThat(reader.reads()).isGreaterThanOrEqualTo(READS);
            assertThat(reader.firstWrong()).isEmpty();
            assertThat(admin(pipeline, "verify")).contains("equal: no row differs");
            assertThat(Databases.query(
                            pipeline.destinationUrl(), "SELECT count(*) FROM cdc_applied WHERE broken_since IS NULL"))
                    .containsExactly("1");
        }
    }

    /** A schema that nobody made for us: partitions with keys of their own, triggers, domains, a virtual column, full-text search. */
    @Test
    void pagila_is_replicated_whole_while_it_is_written_and_nothing_is_dropped() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            pipeline.with("STREAM", pipeline.topic());
            Databases.execute(pipeline.sourceUrl(), resource("/pagila/schema.sql"), resource("/pagila/rows.sql"));
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Long> writing = run(() -> write(pipeline, stop));
            try {
                admin(pipeline, "init", "--tables", "public.*", "!public.employees");
                pipeline.startProducer();
                pipeline.startConsumer();

                admin(pipeline, "backfill");

                assertThat(admin(pipeline, "verify")).contains("equal: no row differs");
            } finally {
                stop.set(true);
            }
            assertThat(writing.join()).isPositive();
            String constraints =
                    "SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')"
                            + " AND conrelid::regclass::text !~ 'cdc|employees'";
            assertThat(Databases.query(pipeline.destinationUrl(), constraints))
                    .isEqualTo(Databases.query(pipeline.sourceUrl(), constraints));
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT broken_since FROM cdc_applied"))
                    .containsExactly("null");
        }
    }

    private static long write(Pipeline pipeline, AtomicBoolean stop) throws SQLException {
        long transactions = 0;
        try (Connection connection = Databases.connect(pipeline.sourceUrl());
                Statement statement = connection.createStatement()) {
            while (!stop.get()) {
                int number = (int) (transactions % 1000) + 1;
                statement.execute("BEGIN; UPDATE public.film SET title = title || 'x' WHERE film_id = " + number
                        + "; UPDATE public.payment SET payment_date = payment_date + interval '40 days' WHERE rental_id = "
                        + number
                        + " AND payment_date < '2026-01-01'; DELETE FROM public.film_category WHERE film_id = " + number
                        + "; INSERT INTO public.film_category (film_id, category_id) VALUES (" + number + ", 1 + "
                        + number
                        + " % 16); COMMIT");
                transactions++;
            }
        }
        return transactions;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(WholeDatabaseIT.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String admin(Pipeline pipeline, String... words) {
        return AdminRun.expecting(0, pipeline.environment(), words).said();
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }

    private static <T> CompletableFuture<T> run(Work<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.run();
            } catch (SQLException failure) {
                throw new CompletionException(failure);
            }
        });
    }
}
