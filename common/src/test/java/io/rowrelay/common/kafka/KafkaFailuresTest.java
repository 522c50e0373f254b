package io.rowrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.runtime.OutageException;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaFailuresTest {
    @ParameterizedTest
    @MethodSource
    void repeats_with_the_same_client(Exception failure) {
        assertThat(KafkaFailures.isRetriable(failure)).isTrue();
        assertThat(KafkaFailures.isTooLarge(failure)).isFalse();
    }

    static Stream<Exception> repeats_with_the_same_client() {
        return Stream.of(
                new TimeoutException("t"),
                new NotEnoughReplicasException("n"),
                new UnknownTopicOrPartitionException("u"));
    }

    @ParameterizedTest
    @MethodSource
    void needs_a_new_client(Exception failure) {
        assertThat(KafkaFailures.isRetriable(failure)).isFalse();
    }

    static Stream<Exception> needs_a_new_client() {
        return Stream.of(
                new AuthenticationException("a"),
                new TopicAuthorizationException("t"),
                new KafkaException("Cannot perform send because at least one previous request has failed"),
                new ProducerFencedException("p"),
                new InvalidProducerEpochException("i"),
                new OutOfOrderSequenceException("o"),
                new UnknownMemberIdException("u"),
                new FencedInstanceIdException("f"),
                new UnreleasedInstanceIdException("r"));
    }

    @ParameterizedTest
    @MethodSource
    void knows_that_another_member_has_this_ones_instance_id(Exception failure) {
        assertThat(KafkaFailures.isFenced(failure)).isTrue();
    }

    static Stream<Exception> knows_that_another_member_has_this_ones_instance_id() {
        return Stream.of(
                new FencedInstanceIdException("f"),
                new UnreleasedInstanceIdException("r"),
                new KafkaException(new FencedInstanceIdException("f")));
    }

    @ParameterizedTest
    @MethodSource
    void takes_a_commit_that_came_too_late_for_harmless(Exception failure) {
        assertThat(KafkaFailures.isHarmlessOnCommit(failure)).isTrue();
    }

    static Stream<Exception> takes_a_commit_that_came_too_late_for_harmless() {
        return Stream.of(new CommitFailedException("moved"), new RebalanceInProgressException("moving"));
    }

    @Test
    void takes_a_commit_that_failed_otherwise_for_more_than_harmless() {
        assertThat(KafkaFailures.isHarmlessOnCommit(new TimeoutException("t"))).isFalse();
    }

    @Test
    void knows_a_record_that_is_too_large() {
        assertThat(KafkaFailures.isTooLarge(new RecordTooLargeException("big"))).isTrue();
    }

    @Test
    void waits_for_a_human_where_a_record_does_not_fit_the_memory() {
        OutageException outage = KafkaFailures.outage(
                "reading topic t", new UnreadableRecordException(new TopicPartition("t", 3), 17, "k:9092"));

        assertThat(outage.isWaitingForAHuman()).isTrue();
        assertThat(outage)
                .hasMessageStartingWith("reading topic t: record t-3@17 does not fit the memory of this process, ")
                .hasMessageContaining(
                        "kafka-delete-records.sh --bootstrap-server k:9092 --offset-json-file FILE, with {\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":3,\"offset\":18}]}");
    }

    @Test
    void says_what_kafka_said_and_not_how_it_was_wrapped() {
        ExecutionException wrapped = new ExecutionException(new KafkaException(new AuthenticationException("who?")));

        assertThat(KafkaFailures.outage("publishing", wrapped)).hasMessage("publishing: AuthenticationException: who?");
    }

    @Test
    void says_the_innermost_cause_of_a_failed_handshake_and_takes_every_work_for_one_outage() {
        SSLHandshakeException refused = new SSLHandshakeException("PKIX path validation failed");
        refused.initCause(new CertificateExpiredException("NotAfter: yesterday"));
        SslAuthenticationException handshake = new SslAuthenticationException("SSL handshake failed", refused);

        OutageException one = KafkaFailures.outage("publishing", new ExecutionException(handshake));
        OutageException other = KafkaFailures.outage("asking for topic t", handshake);

        assertThat(one)
                .hasMessage("publishing: SslAuthenticationException: SSL handshake failed"
                        + " (CertificateExpiredException: NotAfter: yesterday)");
        assertThat(one.outage()).isEqualTo(other.outage());
    }

    @Test
    void says_what_to_do_about_a_missing_acl() {
        assertThat(KafkaFailures.outage("publishing", new TopicAuthorizationException("no")))
                .hasMessageContaining("TopicAuthorizationException: no")
                .hasMessageContaining("security.md");
    }

    @Test
    void says_the_same_of_every_time_out() {
        String one = KafkaFailures.outage("publishing", new TimeoutException("after 2000 ms"))
                .getMessage();
        String other = KafkaFailures.outage("publishing", new java.util.concurrent.TimeoutException())
                .getMessage();

        assertThat(one).isEqualTo(other).isEqualTo("publishing: Kafka does not answer in time");
    }
}
