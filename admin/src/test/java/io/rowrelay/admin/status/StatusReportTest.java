package io.rowrelay.admin.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.jdbc.StoredProgress;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:11:12Z");

    private final Flowing stream = new Flowing();

    /** Each look finds one change more at every stage, as a stream in motion. */
    private static final class Flowing implements StreamView {
        private final List<String> asked = new ArrayList<>();
        private Count captured = Count.exact(0);
        private boolean sourceAnswers = true;

        private long next(String part) {
            asked.add(part);
            return 100L + asked.size();
        }

        @Override
        public SourceStatus source() throws OutageException {
            if (!sourceAnswers) {
                throw new OutageException("no route", null);
            }
            long changes = next("source");
            return new SourceStatus(
                    NOW,
                    captured.number() == 0 ? Count.exact(changes) : captured,
                    Optional.of(new SourceStatus.Publishing(
                            Count.exact(3), Optional.of(Duration.ofMillis(1_800)), Optional.empty())),
                    Optional.empty());
        }

        @Override
        public TopicStatus topic() {
            return new TopicStatus(
                    "topic",
                    List.of(new TopicStatus.Partition(
                            0, 0, next("topic"), OptionalLong.of(100), Optional.of("consumer at /10.0.0.1"))),
                    new TopicStatus.Group("group", "Stable", 1),
                    Optional.of(2L));
        }

        @Override
        public DestinationStatus destination() {
            return new DestinationStatus(
                    Map.of(0, new StoredProgress(new PartitionProgress("topic", next("destination")), NOW, "(0,1)")));
        }

        @Override
        public DeadLetterCounts deadLetters() {
            next("dead letters");
            return new DeadLetterCounts(1, 0, 2);
        }

        @Override
        public Optional<Instant> oldestChange(Map<Integer, Long> offsets) {
            return Optional.of(NOW.minusSeconds(5));
        }
    }

    @Test
    void asks_the_destination_before_the_topic_and_the_topic_before_the_source() throws Exception {
        StatusReport report = look();

        assertThat(stream.asked).endsWith("destination", "dead letters", "topic", "source");
        assertThat(report.applied().orElseThrow())
                .isLessThanOrEqualTo(report.topic().seen().orElseThrow().records());
        assertThat(report.topic().seen().orElseThrow().records())
                .isLessThanOrEqualTo(
                        report.source().seen().orElseThrow().captured().number());
    }

    @Test
    void says_at_least_of_what_was_not_counted_to_its_end() throws Exception {
        stream.captured = Count.atLeast(1_000_000);

        assertThat(text(look())).contains("captured      at least 1,000,000 changes in the change table");
        assertThat(StatusJson.of(look()).toString())
                .contains("\"captured\":{\"changes\":1000000,\"precision\":\"at_least\"}");
    }

    @Test
    void prints_how_far_each_stage_is() throws Exception {
        assertThat(text(look()))
                .contains(
                        "captured      106 changes in the change table",
                        "published     105 records                           3 wait to be published, the oldest for 1.8 s",
                        "applied       101 records                           2 wait to be applied, the oldest for 5.0 s",
                        "dead-lettered 2 records, 1 letters open",
                        "unaccounted   0");
    }

    @Test
    void prints_one_json_object_for_programs() throws Exception {
        assertThat(StatusJson.of(look()).toString()).isEqualTo("""
                        {"stream":"orders","at":"2026-11-22T10:11:12Z","out_of_sight":{},\
                        "asked_at":{"destination":"2026-11-22T10:11:12Z","topic":"2026-11-22T10:11:12Z",\
                        "source":"2026-11-22T10:11:12Z"},\
                        "captured":{"changes":106,"precision":"exact"},\
                        "published":{"records":105,"waiting":{"changes":3,"precision":"exact"},"oldest_seconds":1.8,"paused":null},\
                        "applied":{"records":101,"waiting":2,"oldest_seconds":5.0},\
                        "dead_lettered":{"records":2,"open":1,"lost":0,"kept":2},\
                        "unaccounted":0,"producer":null,\
                        "group":{"name":"group","state":"Stable","members":1},\
                        "partitions":[{"partition":0,"begin":0,"end":105,"applied":103,"committed":100,"waiting":2,"fit":"fits",\
                        "consumer":"consumer at /10.0.0.1"}]}""");
    }

    @Test
    void shows_what_it_sees_and_null_for_the_rest() throws Exception {
        stream.sourceAnswers = false;
        StatusReport report = look();

        assertThat(report.complete()).isFalse();
        assertThat(text(report)).contains("source not reachable: no route", "captured      ?");
        assertThat(StatusJson.of(report).toString())
                .contains(
                        "\"out_of_sight\":{\"source\":\"no route\"}",
                        "\"captured\":{\"changes\":null,\"precision\":null}",
                        "\"oldest_seconds\":null,\"paused\":null");
    }

    private StatusReport look() throws InterruptedException {
        return StatusReport.look("orders", stream, InstantSource.fixed(NOW));
    }

    private static String text(StatusReport report) {
        return String.join("\n", StatusText.of(report));
    }
}
