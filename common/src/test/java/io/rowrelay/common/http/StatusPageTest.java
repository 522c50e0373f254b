package io.rowrelay.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.ProductNames;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.settings.SettingsTable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusPageTest {
    private static final Duration LIVENESS = Duration.ofMinutes(1);
    private static final HttpSettings ALONE = new HttpSettings("127.0.0.1", 0, LIVENESS);
    private static final HttpSettings WITH_PEER =
            new HttpSettings("127.0.0.1", 0, LIVENESS, Optional.of(URI.create("http://peer.example:8082")));
    private static final int LARGEST_PAGE_BYTES = 44_000;

    private final Health health = new Health(LIVENESS);
    private final Metrics metrics = Metrics.open("a stream");

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void gives_a_browser_the_page_and_everybody_else_the_text() {
        Pages pages = new Pages(ALONE, "producer", health, metrics);

        assertThat(pages.get(get("/", "text/html,application/xhtml+xml;q=0.9")).contentType())
                .startsWith("text/html");
        assertThat(pages.get(get("/", "*/*")).contentType()).startsWith("text/plain");
        assertThat(pages.get(get("/", "")).body()).contains("GET /status.json");
    }

    @Test
    void is_one_small_file_that_needs_nothing_from_elsewhere() {
        String html = new Pages(ALONE, "producer", health, metrics)
                .get(get("/", "text/html"))
                .body();

        assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(LARGEST_PAGE_BYTES);
        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:", "https:", "//cdn", "@import");
        assertThat(html)
                .as("nothing that the policy would forbid, and no text is ever read as HTML")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContainPattern("\\sstyle=")
                .doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    @Test
    void lets_the_page_run_its_own_script_and_ask_this_daemon_and_its_peer_only() {
        Map<String, String> alone = StatusPage.load(ALONE).answer().headers();
        Map<String, String> both = StatusPage.load(WITH_PEER).answer().headers();

        assertThat(alone.get("Content-Security-Policy"))
                .contains("default-src 'none'", "connect-src 'self';", "script-src 'sha256-", "style-src 'sha256-")
                .doesNotContain("unsafe");
        assertThat(both.get("Content-Security-Policy")).contains("connect-src 'self' http://peer.example:8082;");
    }

    @Test
    void lets_only_the_page_of_the_peer_ask_from_elsewhere() {
        assertThat(new Pages(ALONE, "producer", health, metrics)
                        .get(get("/status.json", ""))
                        .headers())
                .isEmpty();
        Pages pages = new Pages(WITH_PEER, "producer", health, metrics);
        assertThat(pages.get(get("/status.json", "")).headers())
                .containsOnly(
                        Map.entry("Access-Control-Allow-Origin", "http://peer.example:8082"),
                        Map.entry("Access-Control-Allow-Credentials", "true"));
        assertThat(pages.get(get("/metrics", "")).headers()).isEmpty();
        assertThat(pages.get(get("/health/ready", "")).headers()).isEmpty();
    }

    @Test
    void tells_role_state_and_the_numbers_that_are_ours() {
        Counter.builder("rowrelay.records.deadlettered")
                .tag("reason", "schema")
                .register(metrics.registry())
                .increment(3);
        Counter.builder("rowrelay.records.deadlettered")
                .tag("reason", "key")
                .register(metrics.registry())
                .increment();
        Metrics.latency(metrics.registry(), "rowrelay.latency.applied", "Time").record(Duration.ofMillis(15));
        health.notReady("no \"route\"");

        String json = new Pages(WITH_PEER, "consumer", health, metrics)
                .get(get("/status.json", ""))
                .body();

        assertThat(json)
                .startsWith("{\"role\":\"consumer\",\"stream\":\"a stream\",\"version\":\"")
                .contains("\"peer\":\"http://peer.example:8082\",\"ready\":false,\"reason\":\"no \\\"route\\\"\"")
                .contains("\"records.deadlettered\":4.0", "\"dead_letters\":{\"key\":1.0,\"schema\":3.0}")
                .contains("\"count\":1,\"buckets\":[[0.001,0.0],", "[0.02,1.0]")
                .doesNotContain("jvm");
    }

    @Test
    void tells_the_numbers_of_each_table_apart_and_leaves_out_what_is_zero_or_unknown() {
        for (String table : List.of("public.orders", "public.\"<img>\"")) {
            Counter.builder("rowrelay.table.changes.published")
                    .tag("table", table)
                    .register(metrics.registry())
                    .increment(table.length());
            Gauge.builder("rowrelay.table.unsound", () -> 0).tag("table", table).register(metrics.registry());
            Gauge.builder("rowrelay.table.changes.waiting", () -> Double.NaN)
                    .tag("table", table)
                    .register(metrics.registry());
        }

        String json = new Pages(ALONE, "producer", health, metrics)
                .get(get("/status.json", ""))
                .body();

        assertThat(json)
                .contains(",\"counters\":{},\"gauges\":{},")
                .endsWith(",\"tables\":{\"public.\\\"<img>\\\"\":{\"changes.published\":14.0},"
                        + "\"public.orders\":{\"changes.published\":13.0}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8082",
                "https://cdc.example",
                "http://[::1]:8082",
                "https://cdc.example:80",
                "none"
            })
    void takes_a_peer_or_none(String text) {
        assertThat(read(text).peer().map(URI::toString))
                .isEqualTo(Optional.of(text).filter(url -> !url.equals("none")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8082",
                "http://a/b",
                "http://a; script-src *",
                "javascript:alert(1)",
                "http://u:p@a",
                "http://[::::]:1",
                "http://Peer.example:8082",
                "http://peer.example:80",
                "https://peer.example:443",
                "http://peer.example:08082",
                "http://peer.example:65536",
                "http://peer.example:0",
                "*"
            })
    void refuses_a_peer_that_is_more_than_where_to_ask(String text) {
        Assertions.assertThatThrownBy(() -> read(text))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageMatching(
                        Pattern.compile("(?s).*STATUS_PEER.*allowed: none, or a URL .*http://localhost:8082.*"));
    }

    private static Request get(String path, String accept) {
        return new Request("GET", path, Map.of("accept", accept));
    }

    private static HttpSettings read(String peer) {
        HttpSettings.Lines lines = HttpSettings.Lines.of("PRODUCER", 8081);
        return lines.from(Settings.read(
                SettingsSource.of(Map.of("STATUS_PEER", peer)),
                new SettingsTable(lines.all(), List.of(), List.of(), ProductNames.NONE)));
    }
}
