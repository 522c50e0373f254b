package io.rowrelay.admin.doctor.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Finding;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicConfigsTest {
    private static final Map<String, String> SOUND =
            Map.of("retention.ms", "604800000", "min.insync.replicas", "2", "unclean.leader.election.enable", "false");

    @Test
    void warns_where_one_replica_alone_may_acknowledge_for_several() {
        assertThat(ailments(3, "min.insync.replicas", "1")).containsExactly(Ailment.TOPIC_MIN_INSYNC);
        assertThat(ailments(1, "min.insync.replicas", "1")).isEmpty();
    }

    @Test
    void warns_where_a_replica_that_is_behind_may_lead() {
        assertThat(ailments(3, "unclean.leader.election.enable", "true"))
                .containsExactly(Ailment.TOPIC_UNCLEAN_ELECTION);
    }

    private static List<Ailment> ailments(int replicas, String setting, String value) {
        Map<String, String> settings = new HashMap<>(SOUND);
        settings.put(setting, value);
        return TopicConfigs.judge(settings, replicas, "t", new TopicRules("localhost:9092", 6, 3, Duration.ofDays(30)))
                .stream()
                .filter(Finding.Ill.class::isInstance)
                .map(finding -> ((Finding.Ill) finding).ailment())
                .toList();
    }
}
