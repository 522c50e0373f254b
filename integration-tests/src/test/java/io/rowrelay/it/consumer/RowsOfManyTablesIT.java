package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.consumer.jdbc.ManyProgress;
import io.rowrelay.consumer.jdbc.RowsOfTables;
import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream of many tables that two consumers of a group apply row by row. */
@Timeout(180)
class RowsOfManyTablesIT {
    private static final List<String> TABLES = List.of("r_one", "r_two", "\"r odd\"");

    private final Pipeline pipeline = Pipeline.create();
    private final String stream = pipeline.topic();
    private final AtomicBoolean stop = new AtomicBoolean();

    @BeforeEach
    void prepare() {
        pipeline.with("STREAM", stream);
        for (String table : TABLES) {
            create(pipeline.sourceUrl(), table);
            create(pipeline.destinationUrl(), table);
        }
        Databases.execute(pipeline.sourceUrl(), "SELECT cdc_stream('" + stream + "', 'public.r*')");
        Databases.execute(
                pipeline.destinationUrl(),
                "SELECT cdc_destination_rows('" + stream + "', 'r_one', 'r_two', '\"r odd\"')");
    }

    @AfterEach
    void close() throws Exception {
        stop.set(true);
        pipeline.close();
    }

    @Test
    void tables_are_equal_in_the_end_though_one_consumer_was_killed_and_a_table_came_later() {
        pipeline.startProducer();
        RunningDaemon first = pipeline.startConsumer();
        RunningDaemon second = pipeline.startConsumer();
        CompletableFuture<Integer> writing = CompletableFuture.supplyAsync(this::write);
        await().atMost(Pipeline.PATIENCE).until(() -> TABLES.stream().allMatch(this::hasRows));

        first.kill();
        create(pipeline.sourceUrl(), "r_late");
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(second.reason())
                        .contains("the destination has no table for topic " + stream + ".public.r_late"));
        Databases.execute(
                pipeline.sourceUrl(),
                "INSERT INTO r_late VALUES (1, 'late')",
                "INSERT INTO r_one VALUES (-1, 'others go on')");
        await().atMost(Pipeline.PATIENCE).until(() -> !second.isReady());
        await().atMost(Pipeline.PATIENCE)
                .until(() -> !Databases.query(pipeline.destinationUrl(), "SELECT 1 FROM r_one WHERE id = -1")
                        .isEmpty());
        create(pipeline.destinationUrl(), "r_late");
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(second.reason()).contains("cdc_destination('public.r_late')"));
        Databases.execute(pipeline.destinationUrl(), "SELECT cdc_destination_rows('" + stream + "', 'r_late')");
        pipeline.awaitEqual("r_late");

        stop.set(true);
        assertThat(writing.join()).isPositive();
        TABLES.forEach(pipeline::awaitEqual);
        await().atMost(Pipeline.PATIENCE).until(second::isReady);
        assertThat(Databases.query(
                        pipeline.destinationUrl(),
                        "SELECT DISTINCT stream FROM cdc_tombstone UNION SELECT stream FROM cdc_writer ORDER BY 1"))
                .hasSize(4)
                .contains(stream + "/public.r_one", stream + "/public.r_two", stream + "/public.r_late");
    }

    @Test
    void a_key_of_one_table_is_not_that_of_another_and_a_rejected_change_holds_up_nobody() {
        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE r_two ADD CHECK (id < 100)");
        pipeline.startProducer();
        RunningDaemon consumer = pipeline.startConsumer();
        Databases.execute(
                pipeline.sourceUrl(),
                "INSERT INTO r_one SELECT n, 'one' FROM generate_series(1, 3) n",
                "DELETE FROM r_one WHERE id = 1",
                // Smaller numbers than the deletion's, were the number of the key what counts.
                "INSERT INTO r_two VALUES (1, 'stays'), (2, 'goes'), (100, 'too large')",
                "DELETE FROM r_two WHERE id = 2");

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(Topics.read(pipeline.bootstrapServers(), stream + ".dlq"))
                        .hasSize(1));
        pipeline.awaitEqual("r_one");
        assertThat(pipeline.destinationRows("r_two")).containsExactly("(1,stays)");
        assertThat(Databases.query(pipeline.destinationUrl(), "SELECT stream || key FROM cdc_tombstone ORDER BY 1"))
                .containsExactly(stream + "/public.r_one1", stream + "/public.r_two2");
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(consumer.reason()).contains("1 dead letter"));
        assertThat(consumer.isReady()).isTrue();

        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE r_one RENAME COLUMN name TO called");
        Databases.execute(
                pipeline.sourceUrl(), "INSERT INTO r_one VALUES (9, 'held')", "INSERT INTO r_two VALUES (9, 'free')");

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(consumer.reason()).contains("column \"name\"", "public.r_one"));
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(
                        () -> assertThat(pipeline.destinationRows("r_two")).containsExactly("(1,stays)", "(9,free)"));
        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE r_one RENAME COLUMN called TO name");
        pipeline.awaitEqual("r_one");
    }

    /** A crash of the destination takes back what has not reached its disk, and the progress that was committed with it. */
    @Test
    void what_is_finished_with_one_table_is_not_finished_again_with_the_dead_letter_of_another() throws Exception {
        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE r_two ADD CHECK (id < 100)");
        Partition one = new Partition(stream + ".public.r_one", 0);
        Partition two = new Partition(stream + ".public.r_two", 0);
        List<OffsetRange> ranges = List.of(new OffsetRange(one, "id", 0, 1), new OffsetRange(two, "id", 0, 1));
        List<String> topics = List.of(one.topic(), two.topic());
        try (HikariDataSource pool = io.rowrelay.common.jdbc.Databases.open(
                new DatabaseSettings(pipeline.destinationUrl(), "cdc", "cdc"),
                "rows",
                2,
                "",
                new SimpleMeterRegistry())) {
            ManyProgress progress = new ManyProgress(pool, stream, () -> topics);
            RowsOfTables tables = new RowsOfTables(pool, stream, () -> topics, progress, System::nanoTime);
            tables.keys();
            progress.correct(Map.of(one, new PartitionProgress("id", 0), two, new PartitionProgress("id", 0)));

            Applied applied = tables.apply(List.of(change(one, 5), change(two, 500)), ranges, true);
            assertThat(applied.rejected()).hasSize(1);
            Databases.execute(
                    pipeline.destinationUrl(),
                    "DELETE FROM r_one",
                    "UPDATE cdc_progress SET next_offset = 0 WHERE stream = '" + stream + "/public.r_one'");
            progress.advance(ranges, applied.stamp());

            assertThat(progress.load())
                    .containsEntry(one, new PartitionProgress("id", 0))
                    .containsEntry(two, new PartitionProgress("id", 1));
        }
    }

    private static ValidChange change(Partition partition, int id) {
        byte[] json = ("{\"action_id\": 9, \"action\": \"INSERT\", \"id\": " + id + ", \"name\": \"x\"}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] key = Integer.toString(id).getBytes(StandardCharsets.UTF_8);
        return (ValidChange)
                new JsonRecordReader(Optional.empty()).read(new TopicRecord(partition, 0, key, json, 0), List.of("id"));
    }

    @Test
    void the_commands_know_a_stream_that_is_applied_row_by_row() {
        try (Pipeline other = Pipeline.create()) {
            other.with("STREAM", other.topic());
            Databases.execute(
                    other.sourceUrl(),
                    "CREATE TABLE c_parent (id integer PRIMARY KEY, name text UNIQUE)",
                    "CREATE TABLE c_child (id integer PRIMARY KEY, parent integer REFERENCES c_parent)",
                    "CREATE TABLE c_keyless (name text)",
                    "INSERT INTO c_parent VALUES (1, 'one')",
                    "INSERT INTO c_child VALUES (1, 1)");
            assertThat(AdminRun.expecting(1, other.environment(), "init", "--mode", "rows", "--tables", "public.c_*")
                            .errors())
                    .contains("tables without a key cannot be applied row by row: public.c_keyless");

            assertThat(admin(other, "init", "--mode", "rows", "--tables", "public.c_*", "!public.c_keyless"))
                    .contains("to be applied row by row", "DROP CONSTRAINT c_parent_name_key");
            assertThat(AdminRun.expecting(2, other.environment(), "init", "--mode", "cuts")
                            .errors())
                    .contains("applies stream " + other.topic() + " row by row");
            assertThat(
                            Databases.query(
                                    other.destinationUrl(),
                                    "SELECT conname FROM pg_constraint WHERE conrelid::regclass::text LIKE 'c\\_%' AND contype IN ('f', 'u')"))
                    .isEmpty();
            other.start();
            assertThat(admin(other, "backfill")).contains("has arrived in the destination");
            assertThat(admin(other, "verify")).contains("equal: no row differs");
            Databases.execute(other.destinationUrl(), "DELETE FROM c_child");
            assertThat(admin(other, "resync", "--yes")).contains("equal: no row differs");
            assertThat(admin(other, "status")).contains("row by row", "c_parent");
            other.awaitEqual("c_child");
            assertThat(AdminRun.expecting(1, other.environment(), "reanchor").errors())
                    .contains("row by row", "nothing was done");
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static String admin(Pipeline of, String... words) {
        return AdminRun.expecting(0, of.environment(), words).said();
    }

    private static void create(String url, String table) {
        Databases.execute(url, "CREATE TABLE " + table + " (id integer PRIMARY KEY, name text)");
    }

    private boolean hasRows(String table) {
        return !Databases.query(pipeline.destinationUrl(), "SELECT 1 FROM " + table + " LIMIT 1")
                .isEmpty();
    }

    private int write() {
        int transactions = 0;
        try (Connection connection = Databases.connect(pipeline.sourceUrl());
                Statement statement = connection.createStatement()) {
            for (; !stop.get(); transactions++) {
                for (String table : TABLES) {
                    int id = transactions % 50 + 1;
                    statement.execute("BEGIN; DELETE FROM " + table + " WHERE id = " + id + "; INSERT INTO " + table
                            + " VALUES (" + id + ", 'written " + transactions + "'); UPDATE " + table
                            + " SET name = name || '+' WHERE id = 1 + " + id + "; DELETE FROM " + table
                            + " WHERE id = " + (id + 7) % 50 + "; COMMIT");
                }
            }
        } catch (SQLException failure) {
            throw new CompletionException(failure);
        }
        return transactions;
    }
}
