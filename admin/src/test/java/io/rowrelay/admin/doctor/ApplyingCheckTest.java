package io.rowrelay.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.status.DestinationStatus;
import io.rowrelay.admin.status.SourceStatus;
import io.rowrelay.admin.status.StreamView;
import io.rowrelay.admin.status.TopicStatus;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.jdbc.StoredProgress;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ApplyingCheckTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:11:12Z");

    @Test
    void leaves_a_topic_that_was_cut_to_the_daemons_unless_their_log_says_otherwise() throws Exception {
        List<CheckResult> results = applied(1_008);

        assertThat(results).singleElement().isInstanceOfSatisfying(CheckResult.Found.class, found -> {
            assertThat(found.problem()).isEqualTo(ApplyingCheck.TOPIC_CUT);
            assertThat(found.text()).isEqualTo("partition 0 ends 1000 records before it");
            assertThat(found.remedies())
                    .allMatch(remedy -> remedy.where() == Remedy.Where.BY_HAND)
                    .extracting(Remedy::command)
                    .satisfiesExactly(
                            first -> assertThat(first).contains("keep producer and consumer running"),
                            then -> assertThat(then).startsWith("only where").contains("verify --repair"));
        });
    }

    @Test
    void finds_nothing_where_everything_is_applied() throws Exception {
        assertThat(applied(8)).singleElement().isInstanceOf(CheckResult.Ok.class);
    }

    private static List<CheckResult> applied(long nextOffset) throws OutageException, InterruptedException {
        DestinationStatus destination = new DestinationStatus(
                Map.of(0, new StoredProgress(new PartitionProgress("topic", nextOffset), NOW, "(0,1)")));
        TopicStatus topic = new TopicStatus(
                "topic",
                List.of(new TopicStatus.Partition(0, 0, 8, OptionalLong.of(8), Optional.of("consumer"))),
                new TopicStatus.Group("group", "Stable", 1),
                Optional.empty());
        return ApplyingCheck.look(new FixedView(topic, destination), Duration.ofMinutes(1), InstantSource.fixed(NOW));
    }

    private record FixedView(TopicStatus topic, DestinationStatus destination) implements StreamView {
        @Override
        public SourceStatus source() throws OutageException {
            throw new OutageException("nobody asks for the source", null);
        }

        @Override
        public DeadLetterCounts deadLetters() {
            return new DeadLetterCounts(0, 0, 0);
        }

        @Override
        public Optional<Instant> oldestChange(Map<Integer, Long> offsets) {
            return Optional.empty();
        }
    }
}
