package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.EmployeesStream;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.RestoredSourceException;
import io.rowrelay.producer.jdbc.CheckpointStore;
import io.rowrelay.producer.jdbc.JdbcSourceDatabase;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The row in cdc_offset, which is written ten times a second, under a transaction that keeps all its old versions. */
@Timeout(120)
class CheckpointStoreIT {
    private static final int MANY = 5_000;

    private final Pipeline pipeline = Pipeline.create();
    private Connection producer;
    private CheckpointStore store;

    @BeforeEach
    void open() throws Exception {
        producer = pipeline.source();
        JdbcSourceDatabase.prepare(producer);
        store = new CheckpointStore(producer, EmployeesStream.STREAM);
        store.load(List.of(ChangeTableCatalog.read(producer, "employees", "emp_cdc")));
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void costs_the_same_however_often_it_was_written_since_a_transaction_began() throws Exception {
        try (Connection report = pipeline.source()) {
            execute(report, "BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM employees");
            save(1, MANY);
            long before = Databases.pagesRead(producer, "cdc_offset");

            save(MANY + 1, MANY + 10);
            for (int i = 0; i < 10; i++) {
                assertThat(store.pause()).isEmpty();
            }

            assertThat(Databases.pagesRead(producer, "cdc_offset") - before).isLessThan(200);
        }
    }

    @Test
    void the_table_stays_small_while_nothing_keeps_old_versions() throws Exception {
        execute(pipeline.sourceUrl(), "ALTER TABLE cdc_offset SET (autovacuum_enabled = false)");

        save(1, MANY);

        assertThat(Databases.query(
                        pipeline.sourceUrl(),
                        "SELECT pg_relation_size('cdc_offset') <= 2 * current_setting('block_size')::int"))
                .containsExactly("t");
    }

    @Test
    void a_row_that_moved_is_found_again() throws Exception {
        save(1, 2);
        execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET paused_at = now(), paused_by = 'me'");
        assertThat(store.pause()).hasValueSatisfying(pause -> assertThat(pause).startsWith("by me since "));
        save(3, 3);
        execute(pipeline.sourceUrl(), "VACUUM FULL cdc_offset");
        save(4, 4);
        assertThat(store.pause()).isPresent();

        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT last_action_id FROM cdc_offset"))
                .containsExactly("4");
    }

    @Test
    void a_row_that_is_gone_is_noticed() throws Exception {
        save(1, 2);
        execute(pipeline.sourceUrl(), "DELETE FROM cdc_offset");

        assertThatThrownBy(() -> save(3, 3))
                .isInstanceOf(RestoredSourceException.class)
                .hasMessageContaining("its checkpoint is gone from cdc_offset");
    }

    /** Another stream's row has come to the place. */
    @Test
    void another_row_in_its_place_is_left_alone() throws Exception {
        save(1, 2);
        String place = Databases.query(pipeline.sourceUrl(), "SELECT ctid FROM cdc_offset")
                .get(0);
        execute(
                pipeline.sourceUrl(),
                "DELETE FROM cdc_offset",
                "VACUUM cdc_offset",
                "INSERT INTO cdc_offset (stream, last_action_id, highest_action_id, snapshot, system_identifier)"
                        + " SELECT 'other ' || n, 0, 0, '1:1:', 0 FROM generate_series(1, 9) n");
        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT ctid FROM cdc_offset"))
                .contains(place);

        assertThatThrownBy(() -> save(3, 3)).isInstanceOf(RestoredSourceException.class);

        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT sum(last_action_id) FROM cdc_offset"))
                .containsExactly("0");
    }

    /** The one before it would say, after a crash, that what the topic has lost was published. */
    @Test
    void only_the_checkpoint_that_a_session_begins_with_waits_for_the_disk() throws Exception {
        execute(
                pipeline.sourceUrl(),
                "CREATE TABLE commits (n int GENERATED ALWAYS AS IDENTITY, waits text)",
                """
                CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO public.commits (waits) VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$""",
                """
                CREATE CONSTRAINT TRIGGER note AFTER UPDATE ON cdc_offset DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION note()""");
        save(1, 1);

        store.beginAt(new Checkpoint("1:1:", null, 0, 1), new PublishedOffsets(Map.of(), Map.of()), Long.MAX_VALUE);

        save(2, 2);
        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT waits FROM commits ORDER BY n"))
                .containsExactly("off", "on", "off");
    }

    private void save(long first, long last) throws Exception {
        for (long id = first; id <= last; id++) {
            store.save(new Checkpoint("1:1:", null, id, id), new PublishedOffsets(Map.of(), Map.of()));
        }
    }
}
