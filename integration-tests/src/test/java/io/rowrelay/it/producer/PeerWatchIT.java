package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.EmployeesStream;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.jdbc.CheckpointStore;
import io.rowrelay.producer.jdbc.JdbcSourceDatabase;
import io.rowrelay.producer.jdbc.PeerWatch;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a hot standby says of whoever holds the stream's lock. */
@Timeout(120)
class PeerWatchIT {
    private final Pipeline pipeline = Pipeline.create();
    private Connection holder;
    private Connection standby;
    private CheckpointStore checkpoint;
    private long now;
    private PeerWatch watch;

    @BeforeEach
    void another_session_holds_the_lock() throws Exception {
        holder = pipeline.source();
        standby = pipeline.source();
        JdbcSourceDatabase.prepare(holder);
        JdbcSourceDatabase.prepare(standby);
        checkpoint = new CheckpointStore(holder, EmployeesStream.STREAM);
        checkpoint.load(List.of(ChangeTableCatalog.read(holder, "employees", "emp_cdc")));
        save(1);
        assertThat(StreamLock.ofProducer("employees").tryTake(holder)).isTrue();
        holder.commit();
        watch = new PeerWatch(() -> EmployeesStream.STREAM, () -> now);
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void one_that_has_nothing_to_do_is_well() throws Exception {
        look(Duration.ofMinutes(5));

        assertThat(watch.problem()).isEmpty();
    }

    @Test
    void one_that_does_nothing_while_changes_wait_is_named() throws Exception {
        Employees.insert(pipeline.sourceUrl(), 1);

        look(Duration.ofSeconds(25));
        assertThat(watch.problem()).isEmpty();
        look(Duration.ofSeconds(15));

        String pid = Databases.query(holder, "SELECT pg_backend_pid()").get(0);
        holder.commit();
        assertThat(watch.problem()).get().asString().contains("pid " + pid + ", role cdc", "has moved no checkpoint");
        save(2);
        look(Duration.ofSeconds(5));
        assertThat(watch.problem()).isEmpty();
    }

    @Test
    void one_that_has_begun_no_stream_is_named() throws Exception {
        execute(pipeline.sourceUrl(), "DELETE FROM cdc_offset");

        look(Duration.ofSeconds(40));

        assertThat(watch.problem()).isPresent();
    }

    @Test
    void one_whose_transaction_ended_late_or_whose_window_is_open_is_named_as_well() throws Exception {
        Connection late = pipeline.source();
        late.setAutoCommit(false);
        execute(late, "INSERT INTO employees (city) VALUES ('Oslo')");
        // Passes over the transaction that is still open.
        execute(pipeline.sourceUrl(), "INSERT INTO employees (city) VALUES ('Rome')");
        save(2);
        look(Duration.ofSeconds(40));
        assertThat(watch.problem()).isEmpty();

        late.commit();
        look(Duration.ofSeconds(40));

        assertThat(watch.problem()).isPresent();
    }

    @Test
    void one_that_was_paused_is_well() throws Exception {
        execute(
                pipeline.sourceUrl(),
                "INSERT INTO employees (city) VALUES ('Oslo')",
                "UPDATE cdc_offset SET paused_at = now(), paused_by = 'me'");

        look(Duration.ofMinutes(2));

        assertThat(watch.problem()).isEmpty();
    }

    /** As cdc_capture finds it: beside its table. */
    @Test
    void one_that_does_nothing_is_named_also_where_the_change_table_is_not_on_the_search_path() throws Exception {
        execute(
                pipeline.sourceUrl(),
                "CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY)",
                "SELECT cdc_capture('app.t', 't_cdc')",
                "INSERT INTO app.t VALUES (1)");
        watch = new PeerWatch(
                () -> new Stream("employees", List.of(new CapturedTable("app.t", "t_cdc", "topic")), "dlq"), () -> now);

        look(Duration.ofSeconds(40));

        assertThat(watch.problem()).isPresent();
    }

    /** No producer reads what is held back: it waits for a person, as the active producer says. */
    @Test
    void one_that_has_nothing_but_changes_that_are_held_back_is_well() throws Exception {
        execute(
                pipeline.sourceUrl(),
                "ALTER TABLE employees RENAME TO renamed",
                "INSERT INTO renamed (city) VALUES ('Oslo')",
                "ALTER TABLE renamed RENAME TO employees");
        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT xid FROM emp_cdc"))
                .containsExactly("18446744073709551615");

        look(Duration.ofMinutes(2));

        assertThat(watch.problem()).isEmpty();
    }

    /** Saves that everything committed by now is published. */
    private void save(long actionId) throws Exception {
        String snapshot =
                Databases.query(holder, "SELECT pg_current_snapshot()").get(0);
        checkpoint.save(new Checkpoint(snapshot, null, actionId, actionId), new PublishedOffsets(Map.of(), Map.of()));
    }

    private void look(Duration longEnough) throws Exception {
        for (long end = now + longEnough.toNanos();
                now < end;
                now += Duration.ofSeconds(1).toNanos()) {
            watch.look(standby);
        }
        watch.look(standby);
    }
}
