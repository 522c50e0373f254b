package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.Signals;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The consumer is killed at each point where it could lose or repeat something, and started again: it reads again what its
 * committed offsets do not cover, and what the destination has already has no effect the second time.
 */
@Timeout(180)
class ConsumerFailpointsIT {
    private static final int PRODUCE = 0;
    private static final int OFFSET_COMMIT = 8;
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private final LinkedStack stack = LinkedStack.shared();
    private final LinkedPipeline pipeline = new LinkedPipeline(stack);

    @BeforeEach
    void publishThreeChanges() {
        DaemonProcess producer = pipeline.startProducer();
        pipeline.insert(3);
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.checkpoint()).isEqualTo(3));
        producer.kill();
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void after_applying_and_before_the_database_commits() {
        Connection holder = holdCommits();
        DaemonProcess consumer = pipeline.startConsumer(Map.of());
        pipeline.awaitLockWait(pipeline.destinationUrl(), "COMMIT");

        pipeline.kill(consumer);
        pipeline.terminateSessions(pipeline.destinationUrl());
        letCommitsGo(holder);

        assertThat(pipeline.destinationRows()).isEmpty();
        assertThat(pipeline.committed()).isZero();
        assertTheRestartFinishes();
    }

    @Test
    void while_the_database_commits_which_it_does_all_the_same() {
        Connection holder = holdCommits();
        DaemonProcess consumer = pipeline.startConsumer(Map.of());
        pipeline.awaitLockWait(pipeline.destinationUrl(), "COMMIT");

        pipeline.kill(consumer);
        letCommitsGo(holder);

        awaitApplied();
        assertThat(pipeline.committed()).isZero();
        assertTheRestartChangesNoRow();
    }

    @Test
    void after_the_database_has_committed_and_before_the_offsets_are() {
        DaemonProcess consumer = startConsumerThatCannotCommitOffsets();
        awaitApplied();

        pipeline.kill(consumer);

        assertThat(pipeline.destinationRows()).isEqualTo(pipeline.sourceRows()).hasSize(3);
        assertThat(pipeline.committed()).isZero();
        assertTheRestartChangesNoRow();
    }

    /** The destination remembers that it is done with the record, whatever the group says. */
    @Tag("nightly")
    @Test
    void after_the_dead_letter_and_before_the_offsets_are_committed() {
        publishARecordThatIsRefused();
        DaemonProcess consumer = startConsumerThatCannotCommitOffsets();
        await("the destination to know that it is done with the record")
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(
                                Databases.query(pipeline.destinationUrl(), "SELECT max(next_offset) FROM cdc_progress"))
                        .containsExactly("4"));

        pipeline.kill(consumer);

        assertThat(deadLetterOffsets()).containsExactly("3");
        assertThat(pipeline.committed()).isZero();
        assertTheRestartChangesNoRow();
        assertThat(deadLetterOffsets()).containsExactly("3");
    }

    /** A dead letter comes at least once: its headers say which record it is, so that a reader can tell. */
    @Tag("nightly")
    @Test
    void after_sending_the_dead_letter_and_before_its_acknowledgement() {
        publishARecordThatIsRefused();
        stack.brokerToConsumer().holdRepliesTo(PRODUCE);
        DaemonProcess consumer = pipeline.startConsumer(Map.of());
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(deadLetterOffsets()).containsExactly("3"));

        pipeline.kill(consumer);

        assertThat(pipeline.committed()).isZero();
        assertTheRestartChangesNoRow();
        assertThat(deadLetterOffsets()).containsExactly("3", "3");
    }

    @Tag("nightly")
    @Test
    void before_the_broker_hears_of_the_dead_letter() {
        publishARecordThatIsRefused();
        stack.brokerToConsumer().holdRequests(PRODUCE);
        DaemonProcess consumer = pipeline.startConsumer(Map.of());
        awaitHeld();

        pipeline.kill(consumer);

        assertThat(deadLetterOffsets()).isEmpty();
        assertThat(pipeline.committed()).isZero();
        assertTheRestartChangesNoRow();
        assertThat(deadLetterOffsets()).containsExactly("3");
    }

    @Test
    @Tag("nightly")
    void asked_to_stop_while_the_database_commits() {
        Connection holder = holdCommits();
        DaemonProcess consumer = pipeline.startConsumer(Map.of());
        pipeline.awaitLockWait(pipeline.destinationUrl(), "COMMIT");

        assertThat(consumer.stop(STOP_DEADLINE)).isZero();
        letCommitsGo(holder);

        assertTheRestartFinishes();
    }

    @Test
    @Tag("nightly")
    void asked_to_stop_while_the_broker_does_not_take_the_offsets() {
        DaemonProcess consumer = startConsumerThatCannotCommitOffsets();

        assertThat(consumer.stop(STOP_DEADLINE)).isZero();
        pipeline.kill(consumer);

        assertThat(pipeline.committed()).isZero();
        assertTheRestartChangesNoRow();
    }

    @Test
    void frozen_in_the_commit_until_another_has_its_partitions() {
        Connection holder = holdCommits();
        DaemonProcess frozen = pipeline.startConsumer(Map.of());
        pipeline.awaitLockWait(pipeline.destinationUrl(), "COMMIT");
        Signals.suspend(frozen.pid());
        letCommitsGo(holder);
        awaitApplied();
        pipeline.startConsumer();
        publishNewerChanges();
        pipeline.awaitFinished();
        List<String> rows = versions();

        Signals.resume(frozen.pid());

        assertTheFrozenOneComesBackWithoutRewinding(frozen, rows);
    }

    /** The frozen one has read the old changes and sent them off; they reach the database after the newer ones. */
    @Tag("nightly")
    @Test
    void frozen_with_old_changes_at_hand_until_another_has_applied_newer_ones() {
        stack.consumerToDestination().holdRequestsWith("cdc_key_lock (stream, class)");
        DaemonProcess frozen = pipeline.startConsumer(Map.of());
        await().atMost(Pipeline.PATIENCE)
                .until(() -> stack.consumerToDestination().held() > 0);
        Signals.suspend(frozen.pid());
        pipeline.startConsumer(Map.of("DESTINATION_DB_URL", pipeline.destinationUrl()));
        publishNewerChanges();
        pipeline.awaitFinished();
        List<String> rows = versions();

        stack.heal();
        Signals.resume(frozen.pid());

        assertTheFrozenOneComesBackWithoutRewinding(frozen, rows);
    }

    /** A write to the table makes its COMMIT wait for a lock. */
    private Connection holdCommits() {
        Databases.execute(
                pipeline.destinationUrl(),
                "CREATE TABLE commits (n int)",
                """
                CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$""",
                """
                CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON commits DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION hold()""",
                """
                CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO public.commits VALUES (1); RETURN NULL; END $$""",
                """
                CREATE TRIGGER note AFTER INSERT OR UPDATE ON employees EXECUTE FUNCTION note()""",
                "ALTER TABLE commits ENABLE ALWAYS TRIGGER hold",
                "ALTER TABLE employees ENABLE ALWAYS TRIGGER note");
        Connection holder = pipeline.session(pipeline.destinationUrl());
        Databases.execute(holder, "SELECT pg_advisory_lock(1)");
        return holder;
    }

    private static void letCommitsGo(Connection holder) {
        Databases.execute(holder, "SELECT pg_advisory_unlock(1)");
    }

    private void publishARecordThatIsRefused() {
        try (TopicClient client = new TopicClient(stack.bootstrapServers())) {
            client.send(pipeline.topic(), "7", "not a change");
        }
    }

    private void publishNewerChanges() {
        Databases.execute(
                pipeline.sourceUrl(),
                "UPDATE employees SET city = 'Rome' WHERE emp_id < 3",
                "DELETE FROM employees WHERE emp_id = 3");
        pipeline.startProducer();
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.checkpoint()).isEqualTo(6));
    }

    /** When it joins it commits that it is at the beginning, which says whom the group feeds; nothing after that. */
    private DaemonProcess startConsumerThatCannotCommitOffsets() {
        stack.consumerToDestination().holdRequestsWith("AS given(");
        DaemonProcess consumer = pipeline.startConsumer(Map.of());
        await().atMost(Pipeline.PATIENCE)
                .until(() -> !Topics.committed(stack.bootstrapServers(), pipeline.topic())
                        .isEmpty());
        stack.brokerToConsumer().holdRequests(OFFSET_COMMIT);
        stack.consumerToDestination().heal();
        awaitHeld();
        return consumer;
    }

    private void awaitHeld() {
        await().atMost(Pipeline.PATIENCE).until(() -> stack.brokerToConsumer().held() > 0);
    }

    private void awaitApplied() {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.destinationRows()).isEqualTo(pipeline.sourceRows()));
    }

    private List<String> deadLetterOffsets() {
        return pipeline.deadLetters().stream()
                .map(record -> TopicClient.header(record, "__connect.errors.offset"))
                .toList();
    }

    /** The rows with the transactions that wrote them: a row that is written again, with whatever values, is another. */
    private List<String> versions() {
        return Databases.query(
                pipeline.destinationUrl(), "SELECT xmin || ' ' || e::text FROM employees e ORDER BY emp_id");
    }

    private void assertTheRestartFinishes() {
        pipeline.startConsumer();
        pipeline.awaitFinished();
        assertThat(pipeline.destinationRows()).hasSize(3);
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    private void assertTheRestartChangesNoRow() {
        List<String> rows = versions();
        assertThat(rows).hasSize(3);
        pipeline.startConsumer();
        pipeline.awaitFinished();
        assertThat(versions()).isEqualTo(rows);
    }

    private void assertTheFrozenOneComesBackWithoutRewinding(DaemonProcess frozen, List<String> rows) {
        long committed = pipeline.committed();
        int assignedBefore = assignments(frozen);
        await("the frozen one to be taken into the group again")
                .atMost(Pipeline.PATIENCE)
                .until(() -> assignments(frozen) > assignedBefore);
        frozen.awaitReady();
        assertThat(versions()).isEqualTo(rows);
        assertThat(pipeline.destinationRows()).isEqualTo(pipeline.sourceRows()).hasSize(2);
        assertThat(pipeline.committed()).isEqualTo(committed).isEqualTo(6);
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    private static int assignments(DaemonProcess consumer) {
        return consumer.output().split("partitions assigned=", -1).length;
    }
}
