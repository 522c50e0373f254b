package io.rowrelay.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds alert rules, dashboard and runbook to each other and to docs/reference/metrics.md, which MetricsDocumentIT holds to the code. */
class MonitoringTest {
    private static final String ALERTS = "monitoring/alerts.yml";
    private static final String DASHBOARD = "monitoring/grafana/dashboards/rowrelay.json";

    @ParameterizedTest
    @ValueSource(strings = {ALERTS, DASHBOARD, "docs/operate/runbook.md"})
    void names_no_metric_that_does_not_exist(String file) {
        assertThat(MetricsDocument.namesIn(MetricsDocument.read(file)))
                .isNotEmpty()
                .isSubsetOf(MetricsDocument.lines().keySet());
    }

    @Test
    void has_a_section_of_the_runbook_for_each_alert_and_no_other() {
        String runbook = MetricsDocument.read("docs/operate/runbook.md");
        List<String> alerts = found(MetricsDocument.read(ALERTS), "- alert: ([A-Za-z]+)");

        assertThat(alerts).isNotEmpty().doesNotHaveDuplicates();
        assertThat(found(runbook, "(?m)^## ([A-Za-z]+)$")).containsExactlyInAnyOrderElementsOf(alerts);
        for (String section : runbook.split("(?m)^## ", -1)) {
            if (!section.startsWith("# ")) {
                assertThat(section).contains("**Means** ", "**Look at** ", "**Do** ");
            }
        }
    }

    @Test
    void has_an_alert_for_each_state_that_a_daemon_can_be_in() {
        Set<String> states = MetricsDocument.lines().entrySet().stream()
                .filter(line -> line.getValue().unit().equals("0 or 1"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());

        assertThat(states).isNotEmpty().isSubsetOf(MetricsDocument.namesIn(MetricsDocument.read(ALERTS)));
    }

    /** A gauge of a source that is out of reach is NaN, and no comparison with a number is true of it. */
    @Test
    void has_an_alert_for_numbers_that_are_not_known() {
        String alerts = MetricsDocument.read(ALERTS);

        assertThat(alerts)
                .contains(
                        "rowrelay_lag_changes != rowrelay_lag_changes", "rowrelay_lag_seconds != rowrelay_lag_seconds")
                .contains("rowrelay_dead_letters_open != rowrelay_dead_letters_open")
                .contains("rowrelay_partitions_withheld != rowrelay_partitions_withheld")
                .contains("absent(rowrelay_lag_seconds{job=\"rowrelay-producer\"})")
                .contains("absent(rowrelay_lag_seconds{job=\"rowrelay-consumer\"})");
    }

    @Test
    void leads_from_each_alert_to_its_section() {
        List<String> alerts = found(MetricsDocument.read(ALERTS), "- alert: ([A-Za-z]+)");

        assertThat(found(MetricsDocument.read(ALERTS), "runbook_url: (\\S+)"))
                .isEqualTo(alerts.stream()
                        .map(alert -> "docs/operate/runbook.md#" + alert.toLowerCase(Locale.ROOT))
                        .toList());
        assertThat(found(MetricsDocument.read(ALERTS), "severity: ([a-z]+)"))
                .hasSameSizeAs(alerts)
                .allMatch(Set.of("critical", "warning")::contains);
    }

    @Test
    void has_a_dashboard_whose_panels_ask_the_provisioned_source() {
        JsonNode dashboard = JsonMapper.shared().readTree(MetricsDocument.read(DASHBOARD));
        String uid = found(
                        MetricsDocument.read("monitoring/grafana/provisioning/datasources/prometheus.yml"),
                        "uid: (\\S+)")
                .get(0);

        List<JsonNode> targets = dashboard
                .get("panels")
                .valueStream()
                .flatMap(panel -> panel.get("targets").valueStream())
                .toList();

        assertThat(targets).isNotEmpty().allSatisfy(target -> {
            assertThat(target.get("datasource").get("uid").asString()).isEqualTo(uid);
            assertThat(target.get("expr").asString()).contains("$stream");
        });
        Stream<String> titles = dashboard
                .get("panels")
                .valueStream()
                .map(panel -> panel.get("title").asString());
        assertThat(titles)
                .contains("Throughput", "Lag", "Dead letters by reason", "Outages begun", "Change table")
                .contains("Cut age", "Windows missing", "Published: the ten busiest tables", "Dead letters by table");
    }

    @Test
    void is_mounted_where_the_compose_file_says() {
        String compose = MetricsDocument.read("docker-compose.yml");

        assertThat(found(compose, "\\./(monitoring/[a-z/.]+):"))
                .contains("monitoring/prometheus.yml", "monitoring/alerts.yml", "monitoring/grafana/provisioning");
        assertThat(MetricsDocument.read("monitoring/grafana/provisioning/dashboards/rowrelay.yml"))
                .contains("/etc/rowrelay/dashboards");
        assertThat(compose).contains("./monitoring/grafana/dashboards:/etc/rowrelay/dashboards:ro");
    }

    private static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
