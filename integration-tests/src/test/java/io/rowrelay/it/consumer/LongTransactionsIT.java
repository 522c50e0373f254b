package io.rowrelay.it.consumer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.consumer.jdbc.JdbcProgress;
import io.rowrelay.consumer.jdbc.TombstoneRetention;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stream.Batches;
import io.rowrelay.stream.progress.DestinationBehindException;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.Partition;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A report, a backup or a forgotten session keeps a transaction open in the destination, so that no old version of a row can go. */
@Timeout(120)
class LongTransactionsIT {
    private static final List<Integer> PARTITIONS = List.of(0, 1, 2);
    private static final String TOPIC = "a topic";

    private final Pipeline pipeline = Pipeline.create();
    private final HikariDataSource pool = Databases.pool(pipeline.destinationUrl(), JdbcChangeApplier.SESSION);
    private final JdbcProgress progress = new JdbcProgress(pool, "employees", "changes");
    private final JdbcChangeApplier applier =
            new JdbcChangeApplier(pool, progress, new TopicTable("employees", "changes"), System::nanoTime);
    private long offset;

    @BeforeEach
    void begin() throws Exception {
        progress.correct(progress(0));
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
        pipeline.close();
    }

    @Test
    void a_batch_costs_the_same_however_many_there_were_since() throws Exception {
        try (Connection report = pipeline.destination()) {
            execute(report, "BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM employees");
            long first = pagesRead(100);
            apply(2_000);

            assertThat(pagesRead(100)).isLessThan(2 * first);
        }
    }

    @Test
    void the_table_stays_small_while_nothing_keeps_old_versions() throws Exception {
        execute(pipeline.destinationUrl(), "ALTER TABLE cdc_progress SET (autovacuum_enabled = false)");

        apply(2_000);

        assertThat(Databases.query(
                        pipeline.destinationUrl(),
                        "SELECT pg_relation_size('cdc_progress') <= 2 * current_setting('block_size')::int"))
                .containsExactly("t");
    }

    /** The consumer asks every few seconds whether the destination still is where it left it. */
    @Test
    void asking_for_the_progress_costs_the_same_however_many_batches_there_were_since() throws Exception {
        apply(1);
        try (Connection report = pipeline.destination()) {
            execute(report, "BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM employees");
            apply(2_000);
            long before = pagesRead();

            assertThat(progress.covers(progress(offset))).isTrue();

            assertThat(pagesRead() - before).isLessThan(10);
            assertThat(progress.covers(progress(offset + 1))).isFalse();
        }
    }

    /** Removed rows stay in the index. */
    @Test
    void forgetting_deletions_costs_one_chunk_however_many_were_forgotten_since() throws Exception {
        AtomicLong clock = new AtomicLong();
        TombstoneRetention retention = new TombstoneRetention(pool, "employees", Duration.ZERO, rows -> {}, clock::get);
        bury(1, 20_000);
        try (Connection report = pipeline.destination()) {
            execute(report, "BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM employees");
            for (int chunk = 0; chunk < 15; chunk++) {
                assertThat(retention.step()).isEqualTo(1_000);
            }
            long before = deletionTimesRead();

            assertThat(retention.step()).isEqualTo(1_000);

            assertThat(deletionTimesRead() - before).isLessThan(3_000);
        }
        bury(20_001, 1);
        execute(pipeline.destinationUrl(), "UPDATE cdc_tombstone SET deleted_at = '2000-01-01' WHERE key = '20001'");
        for (int chunk = 0; chunk < 5; chunk++) {
            retention.step();
        }
        assertThat(buried()).as("one that was committed late").containsExactly("20001");
        clock.addAndGet(Duration.ofHours(1).toNanos());
        retention.step();
        assertThat(buried()).isEmpty();
    }

    /** They are the other consumer's to forget, and mostly too young. */
    @Test
    void the_deletions_of_other_streams_are_not_passed_over_to_the_last() throws Exception {
        bury(1, 10);
        execute(
                pipeline.destinationUrl(),
                "INSERT INTO cdc_tombstone SELECT 'other', n::text, n FROM generate_series(1, 20000) n");
        List<Integer> removed = new ArrayList<>();
        TombstoneRetention retention =
                new TombstoneRetention(pool, "employees", Duration.ofMinutes(30), removed::add, System::nanoTime);
        long before = deletionTimesRead();

        retention.step();

        assertThat(removed).containsExactly(10);
        assertThat(deletionTimesRead() - before).isLessThan(1_000);
    }

    /** A new page is a new entry in the index: a unique one would compare it with all there are. */
    @Test
    void a_row_that_comes_to_a_new_page_is_compared_with_no_other() throws Exception {
        apply(2);
        apply(2);

        assertThat(uniqueIndexes()).containsExactly("0");
        assertThat(progress.covers(progress(4))).isTrue();
    }

    /** Without a unique index only a lock keeps a partition from getting two rows. */
    @Test
    void a_place_that_two_consumers_add_at_once_is_there_once() throws Exception {
        try (Connection other = pipeline.destination()) {
            execute(other, "BEGIN", "LOCK TABLE cdc_progress IN SHARE UPDATE EXCLUSIVE MODE");
            CompletableFuture<Void> added =
                    CompletableFuture.runAsync(() -> correct(7, new PartitionProgress(TOPIC, 70)));
            await().until(() -> Databases.query(
                            other,
                            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                    .equals(List.of("1")));
            execute(
                    other,
                    "INSERT INTO cdc_progress (stream, topic_partition, topic_id, next_offset) VALUES ('employees', 7, 'x', 60)",
                    "COMMIT");
            added.join();
        }

        assertThat(Databases.query(
                        pipeline.destinationUrl(), "SELECT next_offset FROM cdc_progress WHERE topic_partition = 7"))
                .containsExactly("70");
    }

    /** Its changes are published in turn, and rows without a primary key would be refused. */
    @Test
    void a_destination_with_a_publication_of_all_tables_can_be_applied_to() throws Exception {
        execute(pipeline.destinationUrl(), "CREATE PUBLICATION everything FOR ALL TABLES");

        apply(2);

        assertThat(progress.covers(progress(2))).isTrue();
    }

    /** The row was rewritten meanwhile, by hand or by a repair: it is looked up. */
    @Test
    void a_place_that_moved_is_found_again() throws Exception {
        apply(10);
        execute(pipeline.destinationUrl(), "UPDATE cdc_progress SET updated_at = now() WHERE topic_partition <> 1");
        apply(1);
        execute(pipeline.destinationUrl(), "VACUUM FULL cdc_progress");
        apply(1);

        assertThat(progress.load().values()).allMatch(place -> place.nextOffset() == offset);
    }

    /** Those of another stream have come to the addresses. */
    @Test
    void other_rows_in_their_place_are_left_alone() throws Exception {
        apply(1);
        List<String> seen = Databases.query(pipeline.destinationUrl(), "SELECT ctid FROM cdc_progress");
        execute(
                pipeline.destinationUrl(),
                "CREATE TEMP TABLE seen AS SELECT topic_partition,"
                        + " split_part(trim('()' FROM ctid::text), ',', 2)::int AS n FROM cdc_progress",
                "DELETE FROM cdc_progress",
                "VACUUM cdc_progress",
                "INSERT INTO cdc_progress (stream, topic_partition, topic_id, next_offset)"
                        + " SELECT 'other', coalesce(topic_partition, 99), 'a topic', 1"
                        + " FROM generate_series(1, 10) n LEFT JOIN seen USING (n) ORDER BY n");
        assertThat(Databases.query(pipeline.destinationUrl(), "SELECT ctid FROM cdc_progress"))
                .containsAll(seen);
        progress.correct(progress(1));

        apply(1);

        assertThat(progress.covers(progress(2))).isTrue();
        assertThat(Databases.query(
                        pipeline.destinationUrl(), "SELECT sum(next_offset) FROM cdc_progress WHERE stream = 'other'"))
                .containsExactly("10");
    }

    /** One that says less than what was applied is that of a destination that was restored. */
    @Test
    void a_place_that_went_back_is_noticed_and_nothing_is_applied() throws Exception {
        apply(10);
        execute(pipeline.destinationUrl(), "UPDATE cdc_progress SET next_offset = 9 WHERE topic_partition = 1");

        assertThatThrownBy(() -> apply(1)).isInstanceOf(DestinationBehindException.class);

        assertThat(progress.load()).containsEntry(partition(0), new PartitionProgress(TOPIC, 10));
        assertThat(Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM employees"))
                .containsExactly("10");
    }

    /** Records that are read again do not move the progress back. */
    @Test
    void a_place_that_is_further_stays() throws Exception {
        apply(10);
        offset = 5;
        apply(1);
        assertThat(progress.load().values()).allMatch(place -> place.nextOffset() == 10);
        offset = 10;
        apply(1);
        assertThat(progress.load().values()).allMatch(place -> place.nextOffset() == 11);
    }

    /** Each a moment after the one before, and all of them some time ago. */
    private void bury(int first, int count) {
        execute(
                pipeline.destinationUrl(),
                "INSERT INTO cdc_tombstone SELECT 'employees', n::text, n, now() - interval '1 hour' + n * interval '1 ms'"
                        + " FROM generate_series(" + first + ", " + (first + count - 1) + ") n");
    }

    private List<String> buried() {
        return Databases.query(pipeline.destinationUrl(), "SELECT key FROM cdc_tombstone");
    }

    /** Asks the session that removes: it knows best what it has read. */
    private long deletionTimesRead() throws Exception {
        try (Connection connection = pool.getConnection()) {
            return Databases.entriesRead(connection, "cdc_tombstone_deleted_at_idx");
        }
    }

    private static Map<Partition, PartitionProgress> progress(long next) {
        return PARTITIONS.stream()
                .collect(Collectors.toMap(LongTransactionsIT::partition, each -> new PartitionProgress(TOPIC, next)));
    }

    private static Partition partition(int number) {
        return new Partition("changes", number);
    }

    private List<String> uniqueIndexes() {
        return Databases.query(
                pipeline.destinationUrl(),
                "SELECT count(*) FROM pg_index WHERE indrelid = 'cdc_progress'::regclass AND indisunique");
    }

    private void correct(int number, PartitionProgress beginning) {
        try {
            progress.correct(Map.of(partition(number), beginning));
        } catch (OutageException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private long pagesRead(int batches) throws Exception {
        long before = pagesRead();
        apply(batches);
        return pagesRead() - before;
    }

    private long pagesRead() throws Exception {
        try (Connection connection = pool.getConnection()) {
            return Databases.pagesRead(connection, "cdc_progress");
        }
    }

    /** Applies this many batches of one change; each covers one record of every partition. */
    private void apply(int batches) throws Exception {
        for (int batch = 0; batch < batches; batch++) {
            long next = offset + 1;
            List<OffsetRange> ranges = PARTITIONS.stream()
                    .map(number -> new OffsetRange(partition(number), TOPIC, offset, next))
                    .toList();
            int id = (int) next;
            applier.apply(List.of(Batches.change(next, Action.INSERT, id)), ranges, true);
            offset = next;
        }
    }
}
