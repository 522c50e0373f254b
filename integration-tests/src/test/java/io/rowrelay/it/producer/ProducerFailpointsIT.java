package io.rowrelay.it.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.Signals;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The producer is killed at each point where it could lose or skip something, and started again: it publishes again what
 * follows its checkpoint, in the same order, and nothing else.
 */
@Timeout(180)
class ProducerFailpointsIT {
    private static final int PRODUCE = 0;
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private final LinkedStack stack = LinkedStack.shared();
    private final LinkedPipeline pipeline = new LinkedPipeline(stack);

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Tag("nightly")
    @Test
    void after_reading_and_before_the_broker_hears_of_it() {
        DaemonProcess producer = producerThatHasPublishedOneChange();
        stack.producerToBroker().holdRequests(PRODUCE);
        pipeline.insert(3);
        awaitHeld();

        pipeline.kill(producer);

        assertThat(pipeline.published()).isEqualTo(ids(1, 1));
        assertThat(pipeline.checkpoint()).isEqualTo(1);
        assertTheRestartRepeatsWhatFollowsTheCheckpoint(4);
    }

    @Test
    void after_sending_and_before_the_acknowledgement() {
        DaemonProcess producer = producerThatHasPublishedOneChange();
        stack.producerToBroker().holdRepliesTo(PRODUCE);
        pipeline.insert(3);
        awaitPublished(ids(1, 4));

        pipeline.kill(producer);

        assertThat(pipeline.checkpoint()).isEqualTo(1);
        assertTheRestartRepeatsWhatFollowsTheCheckpoint(4);
    }

    @Test
    void after_the_acknowledgement_and_before_the_checkpoint() {
        DaemonProcess producer = producerThatHasPublishedOneChange();
        Connection holder = holdCheckpoint();
        pipeline.insert(3);
        pipeline.awaitLockWait(pipeline.sourceUrl(), "cdc_offset");

        pipeline.kill(producer);
        Databases.execute(holder, "ROLLBACK");

        assertThat(pipeline.published()).isEqualTo(ids(1, 4));
        assertThat(pipeline.checkpoint()).isEqualTo(1);
        assertTheRestartRepeatsWhatFollowsTheCheckpoint(4);
    }

    /** The second checkpoint inside the window is held: the first one is in its middle. */
    @Tag("nightly")
    @Test
    void in_the_middle_of_a_large_transaction() {
        pipeline.with("PAGE_SIZE", "10");
        // The check would find the trigger.
        pipeline.with("CAPTURE_CHECK_INTERVAL", "1h");
        DaemonProcess producer = producerThatHasPublishedOneChange();
        Databases.execute(pipeline.sourceUrl(), """
                CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN new; END $$""", """
                CREATE TRIGGER hold BEFORE UPDATE ON cdc_offset FOR EACH ROW
                WHEN (old.window_snapshot IS NOT NULL) EXECUTE FUNCTION hold()""");
        Connection holder = pipeline.session(pipeline.sourceUrl());
        Databases.execute(holder, "SELECT pg_advisory_lock(1)");
        pipeline.insert(2_000);
        pipeline.awaitLockWait(pipeline.sourceUrl(), "cdc_offset");

        pipeline.kill(producer);
        Databases.execute(pipeline.sourceUrl(), "DROP TRIGGER hold ON cdc_offset");
        Databases.execute(holder, "SELECT pg_advisory_unlock(1)");

        assertThat(pipeline.checkpoint()).isBetween(2L, 1_999L);
        assertTheRestartRepeatsWhatFollowsTheCheckpoint(2_001);
    }

    @Test
    @Tag("nightly")
    void asked_to_stop_while_the_broker_is_silent() {
        DaemonProcess producer = producerThatHasPublishedOneChange();
        stack.producerToBroker().holdRepliesTo(PRODUCE);
        pipeline.insert(3);
        awaitPublished(ids(1, 4));

        assertThat(producer.stop(STOP_DEADLINE)).isZero();
        pipeline.kill(producer);

        assertThat(pipeline.checkpoint()).isEqualTo(1);
        assertTheRestartRepeatsWhatFollowsTheCheckpoint(4);
    }

    @Test
    @Tag("nightly")
    void asked_to_stop_while_it_waits_to_write_the_checkpoint() {
        DaemonProcess producer = producerThatHasPublishedOneChange();
        Connection holder = holdCheckpoint();
        pipeline.insert(3);
        pipeline.awaitLockWait(pipeline.sourceUrl(), "cdc_offset");

        assertThat(producer.stop(STOP_DEADLINE)).isZero();
        Databases.execute(holder, "ROLLBACK");

        assertThat(pipeline.checkpoint()).isEqualTo(1);
        assertTheRestartRepeatsWhatFollowsTheCheckpoint(4);
    }

    /** The frozen one goes by the consumers' link, so that its request alone can be held until newer changes are out. */
    @Test
    void frozen_with_a_change_on_its_way_until_another_has_published_newer_ones() {
        DaemonProcess frozen = pipeline.startProducer(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + stack.brokerToConsumer().port()));
        pipeline.insert(1);
        awaitPublished(ids(1, 1));
        await().untilAsserted(() -> assertThat(pipeline.checkpoint()).isEqualTo(1));
        DaemonProcess standby = pipeline.startProducer();
        stack.brokerToConsumer().holdRequests(PRODUCE);
        update("Lima");
        await().atMost(Pipeline.PATIENCE).until(() -> stack.brokerToConsumer().held() > 0);
        Signals.suspend(frozen.pid());
        pipeline.terminateSessions(pipeline.sourceUrl());
        await().atMost(Pipeline.PATIENCE).until(() -> standby.output().contains("active: reading on"));
        update("Rome");
        awaitPublished(ids(1, 3));
        await().untilAsserted(() -> assertThat(pipeline.checkpoint()).isEqualTo(3));

        stack.heal();
        Signals.resume(frozen.pid());

        awaitPublished(List.of(1L, 2L, 3L, 2L));
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(
                        () -> assertThat(frozen.get("/health/ready").body()).contains("standby"));
        assertThat(pipeline.checkpoint()).isEqualTo(3);
        assertTheConsumerMakesBothSidesEqual();
        assertThat(Databases.query(pipeline.destinationUrl(), "SELECT city FROM employees"))
                .containsExactly("Rome");
    }

    private DaemonProcess producerThatHasPublishedOneChange() {
        DaemonProcess producer = pipeline.startProducer();
        pipeline.insert(1);
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.checkpoint()).isEqualTo(1));
        return producer;
    }

    private Connection holdCheckpoint() {
        Connection holder = pipeline.session(pipeline.sourceUrl());
        Databases.execute(holder, "BEGIN", "SELECT FROM cdc_offset FOR UPDATE");
        return holder;
    }

    private void update(String city) {
        Databases.execute(pipeline.sourceUrl(), "UPDATE employees SET city = '" + city + "'");
    }

    private void awaitHeld() {
        await().atMost(Pipeline.PATIENCE).until(() -> stack.producerToBroker().held() > 0);
    }

    private void awaitPublished(List<Long> actionIds) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.published()).isEqualTo(actionIds));
    }

    private void assertTheRestartRepeatsWhatFollowsTheCheckpoint(long lastActionId) {
        List<Long> before = pipeline.published();
        assertThat(before).isEqualTo(ids(1, before.size()));
        List<Long> repeated = ids(pipeline.checkpoint() + 1, lastActionId);

        pipeline.startProducer();

        awaitPublished(LongStream.concat(
                        before.stream().mapToLong(id -> id), repeated.stream().mapToLong(id -> id))
                .boxed()
                .toList());
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.checkpoint()).isEqualTo(lastActionId));
        assertTheConsumerMakesBothSidesEqual();
    }

    private void assertTheConsumerMakesBothSidesEqual() {
        pipeline.startConsumer();
        pipeline.awaitFinished();
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    private static List<Long> ids(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
