package io.rowrelay.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicSettingsCheckTest {
    private static final Map<String, String> SOUND =
            Map.of("retention.ms", "604800000", "min.insync.replicas", "2", "unclean.leader.election.enable", "false");

    @Test
    void warns_where_one_replica_alone_may_acknowledge_for_several() {
        assertThat(problems(3, "min.insync.replicas", "1")).containsExactly(TopicSettingsCheck.TOPIC_MIN_INSYNC);
        assertThat(problems(1, "min.insync.replicas", "1")).isEmpty();
    }

    @Test
    void warns_where_a_replica_that_is_behind_may_lead() {
        assertThat(problems(3, "unclean.leader.election.enable", "true"))
                .containsExactly(TopicSettingsCheck.TOPIC_UNCLEAN_ELECTION);
    }

    private static List<Problem> problems(int replicas, String setting, String value) {
        Map<String, String> settings = new HashMap<>(SOUND);
        settings.put(setting, value);
        AdminSettings defaults = AdminSettings.from(Settings.read(SettingsSource.of(Map.of()), AdminSettings.TABLE));
        return TopicSettingsCheck.results(settings, replicas, defaults).stream()
                .filter(CheckResult.Found.class::isInstance)
                .map(result -> ((CheckResult.Found) result).problem())
                .toList();
    }
}
