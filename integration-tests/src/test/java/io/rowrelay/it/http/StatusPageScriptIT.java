package io.rowrelay.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.rowrelay.common.http.HttpEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the status page makes of answers that no healthy pipeline gives at will. Skipped where no browser is installed. */
@Timeout(120)
class StatusPageScriptIT {
    private static final String PEER = "/peer";
    private static final String CUT =
            "\"dead.letters.open\":13.0,\"cut.age.seconds\":0.4,\"windows.waiting\":2.0,\"cut.broken.seconds\":";
    private static final String NOTHING_WAITS = "\"lag.changes\":0.0,\"lag.seconds\":0.0";

    @TempDir
    private Path directory;

    private Browser browser;
    private HttpServer server;

    @BeforeEach
    void setUp() throws IOException {
        browser = Browser.assumeInstalled(directory);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/", StatusPageScriptIT::page);
        server.start();
    }

    @AfterEach
    void tearDown() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void tells_how_far_the_destination_is_behind_when_it_sees_both_ends() throws Exception {
        serve("/status.json", () -> status("consumer", url(PEER), NOTHING_WAITS));
        serve(PEER + "/status.json", () -> status("producer", url(""), NOTHING_WAITS));

        assertThat(browser.opened(url(""))).contains("<b id=\"behind\">0 s</b>", "status\">working</span>");
    }

    @Test
    void counts_what_waits_to_be_published_as_behind_too() throws Exception {
        serve("/status.json", () -> status("consumer", url(PEER), NOTHING_WAITS));
        serve(
                PEER + "/status.json",
                () -> status("producer", url(""), "\"lag.changes\":7.0,\"lag.seconds\":61.0,\"paused\":0.0"));

        assertThat(browser.opened(url(""))).contains("<b id=\"behind\">61 s</b>");
    }

    @Test
    void does_not_say_how_far_behind_when_it_sees_one_end_only() throws Exception {
        serve("/status.json", () -> status("consumer", "", NOTHING_WAITS));

        assertThat(browser.opened(url("")))
                .contains("<b id=\"behind\">–</b>", "id=\"producer\">not shown here</span>")
                .contains("<b id=\"ontopic\">0</b>");
    }

    @Test
    void does_not_say_how_far_behind_before_the_first_of_the_waiting_records_is_applied() throws Exception {
        serve("/status.json", () -> status("consumer", url(PEER), "\"lag.changes\":500000.0,\"lag.seconds\":0.0"));
        serve(PEER + "/status.json", () -> status("producer", url(""), NOTHING_WAITS));

        assertThat(browser.opened(url("")))
                .contains("<b id=\"behind\">–</b>", "<b id=\"ontopic\">500,000</b>", "status\">working</span>");
    }

    @Test
    void does_not_say_how_far_behind_when_an_end_does_not_know() throws Exception {
        serve("/status.json", () -> status("consumer", url(PEER), NOTHING_WAITS));
        serve(PEER + "/status.json", () -> status("producer", url(""), "\"lag.changes\":null,\"lag.seconds\":null"));

        assertThat(browser.opened(url(""))).contains("<b id=\"behind\">–</b>", "<b id=\"waiting\">–</b>");
    }

    @Test
    void warns_of_dead_letters_that_are_open_or_lost_though_both_ends_are_ready() throws Exception {
        serve(
                "/status.json",
                () -> status(
                        "consumer",
                        url(PEER),
                        NOTHING_WAITS + ",\"dead.letters.open\":1427.0,\"dead.letters.lost\":2.0"));
        serve(PEER + "/status.json", () -> status("producer", url(""), NOTHING_WAITS));

        assertThat(browser.opened(url("")))
                .contains("<span class=\"pill warn\" id=\"overall\" role=\"status\">1,427 dead letters open</span>")
                .contains("1,427 dead letters are open: their changes are not in the destination")
                .contains("2 dead letters were dropped by the topic before anybody dealt with them")
                .contains("<p>1,427 dead letters open.</p>")
                .doesNotContain("<p class=\"quiet\">None is open.</p>", "working</span>");
    }

    @Test
    void says_that_no_dead_letter_is_open_only_when_it_knows() throws Exception {
        serve("/status.json", () -> status("consumer", "", NOTHING_WAITS + ",\"dead.letters.open\":null"));
        assertThat(browser.opened(url(""))).contains("<p class=\"quiet\">How many are open is not known now.</p>");

        server.removeContext("/status.json");
        serve("/status.json", () -> status("consumer", "", NOTHING_WAITS + ",\"dead.letters.open\":0.0"));
        assertThat(browser.opened(url(""))).contains("<p class=\"quiet\">None is open.</p>");
    }

    @Test
    void says_so_when_it_fails_itself_and_goes_on_asking() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        serve("/status.json", () -> {
            String sound = status("producer", "", NOTHING_WAITS);
            return asked.incrementAndGet() < 3 ? sound : sound.replace("\"problems\":[]", "\"problems\":null");
        });

        assertThat(browser.opened(url("")))
                .contains("<span class=\"pill bad\" id=\"overall\" role=\"status\">this page failed</span>")
                .contains("<strong>page</strong>: TypeError");
        assertThat(asked).hasValueGreaterThan(4);
    }

    @Test
    void is_well_again_after_a_failure_of_its_own() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        serve("/status.json", () -> {
            String sound = status("producer", "", NOTHING_WAITS);
            return asked.incrementAndGet() != 2 ? sound : sound.replace("\"problems\":[]", "\"problems\":null");
        });

        assertThat(browser.opened(url(""))).contains("status\">working</span>").doesNotContain("<strong>page</strong>");
        assertThat(asked).hasValueGreaterThan(2);
    }

    @Test
    void shows_no_tables_and_no_cut_of_a_stream_that_has_none() throws Exception {
        serve("/status.json", () -> status("consumer", "", NOTHING_WAITS));

        assertThat(browser.opened(url("")))
                .contains("id=\"tables\" hidden=\"\"", "id=\"cut\" hidden=\"\"")
                .doesNotContain("role=\"rowheader\"");
    }

    @Test
    void shows_the_chosen_of_500_tables_in_the_chosen_order_with_their_names_as_text() throws Exception {
        long second = System.nanoTime();
        serve("/status.json", () -> status("producer", url(PEER), NOTHING_WAITS, producerTables(seconds(second))));
        serve(PEER + "/status.json", () -> status("consumer", url(""), CUT + "0.0", consumerTables(seconds(second))));

        String page = browser.opened(url(""), "#q=public.&state=problem&sort=-letters");

        assertThat(page)
                .contains(">3 of 500 tables</h2>", ">Problem 3</button>", ">Busy 7</button>", ">Idle 490</button>")
                .contains("<span class=\"pill good\" id=\"whole\">whole</span>", "<b id=\"cut-windows\">2</b>")
                .contains(
                        "<th scope=\"col\" role=\"columnheader\" aria-sort=\"descending\"><button type=\"button\">Dead letters<")
                .contains("the capture is not sound of public.t7: see")
                .doesNotContain("<img");
        assertThat(rowsOf(page))
                .containsExactly("public.\"&lt;img src=x onerror=alert(1)&gt;\"", "public.t1", "public.t7");
        assertThat(page).containsPattern("public.t1</th>.*?>dead letters</span>.*?>4</td><td [^>]*>now</td>");
    }

    @Test
    void sorts_by_the_head_that_is_clicked_and_filters_while_one_types() throws Exception {
        long second = System.nanoTime();
        serve("/status.json", () -> status("producer", "", NOTHING_WAITS, producerTables(seconds(second))));
        server.removeContext("/");
        serve("/", () -> page().replace("</body>", """
                <script>setTimeout(() => {
                  document.querySelector("#heads th button").click(); document.querySelector("#heads th button").click();
                  document.getElementById("filter").value = " T49";
                  document.getElementById("filter").dispatchEvent(new Event("input"));
                }, 4000);</script></body>"""));

        String page = browser.opened(url(""));

        assertThat(rowsOf(page)).startsWith("public.t499", "public.t498").hasSize(11);
        assertThat(page).contains("aria-sort=\"descending\"><button type=\"button\">Table<");
    }

    @Test
    void warns_of_a_cut_that_is_no_state_of_the_source_and_of_a_standby() throws Exception {
        serve("/status.json", () -> status("consumer", url(PEER), CUT + "61.0"));
        serve(
                PEER + "/status.json",
                () -> status("producer", url(""), NOTHING_WAITS)
                        .replace("\"active\"", "\"standby: another producer holds the stream's lock\""));

        assertThat(browser.opened(url("")))
                .contains("role=\"status\">broken cut</span>", "<span class=\"pill\" id=\"producer\">standby</span>")
                .containsPattern("<span class=\"pill bad\" id=\"whole\">broken since [0-9:]+</span>")
                .contains("the destination is no state of the source");
    }

    private static List<String> rowsOf(String page) {
        return Pattern.compile("<th role=\"rowheader\" scope=\"row\"[^>]*>(.*?)</th>")
                .matcher(page)
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static String producerTables(double seconds) {
        String busy = IntStream.range(2, 10)
                .mapToObj(i -> "\"public.t%d\":{\"changes.published\":%s%s}"
                        .formatted(i, 100 * i * seconds, i == 7 ? ",\"unsound\":1.0" : ""))
                .collect(Collectors.joining(",", "\"public.\\\"<img src=x onerror=alert(1)>\\\"\":{},", ","));
        String idle = IntStream.range(10, 500)
                .mapToObj("\"public.t%d\":{}"::formatted)
                .collect(Collectors.joining(","));
        return busy + "\"public.t1\":{\"newest.change.timestamp.seconds\":4e9}," + idle;
    }

    private static String consumerTables(double seconds) {
        return """
                "public.\\"<img src=x onerror=alert(1)>\\"":{"records.deadlettered":9.0},
                "public.t1":{"changes.applied":%s,"changes.waiting":3.0,"records.deadlettered":4.0}
                """.formatted(10 * seconds);
    }

    private static String status(String role, String peer, String gauges) {
        return status(role, peer, gauges, "");
    }

    private static String status(String role, String peer, String gauges, String tables) {
        return """
                {"role":"%s","stream":"employees","version":"1","peer":"%s","ready":true,"reason":"active",
                 "since":"2026-01-01T00:00:00Z","counters":{},"gauges":{%s},"dead_letters":{},"latency":{},"problems":[],
                 "tables":{%s}}
                """.formatted(role, peer, gauges, tables);
    }

    private static String page() {
        try (InputStream page = HttpEndpoint.class.getResourceAsStream("status.html")) {
            return new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void serve(String path, Supplier<String> text) {
        server.createContext(path, exchange -> {
            try (exchange) {
                byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
    }
}
