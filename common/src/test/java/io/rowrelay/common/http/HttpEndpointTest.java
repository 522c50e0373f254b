package io.rowrelay.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.settings.InvalidSettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class HttpEndpointTest {

    private static final Duration LIVENESS = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong();
    private final Health health = new Health(LIVENESS, () -> Instant.parse("2026-01-01T00:00:00Z"), nanos::get);
    private final HttpClient client = HttpClient.newHttpClient();
    private Metrics metrics;
    private HttpEndpoint endpoint;

    @BeforeEach
    void open() {
        metrics = Metrics.open("orders");
        endpoint = HttpEndpoint.open(new HttpSettings("127.0.0.1", 0, LIVENESS), "producer", health, metrics);
    }

    @AfterEach
    void close() {
        endpoint.close();
        metrics.close();
    }

    @Test
    void is_ready_only_while_the_daemon_does_its_work() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);

        health.ready("capturing");
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        health.notReady("source \"db\" is down:\nConnection refused \\ \uD83D");
        HttpResponse<String> answer = get("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"not ready\","
                        + "\"reason\":\"source \\\"db\\\" is down:\\u000aConnection refused \\\\ \\ud83d\","
                        + "\"since\":\"2026-01-01T00:00:00Z\"}\n");
    }

    @Test
    void is_live_while_the_loop_moves() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        nanos.addAndGet(LIVENESS.plusSeconds(1).toNanos());

        HttpResponse<String> answer = get("/health/live");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("the loop has not moved for 11 s");
    }

    @Test
    void shows_the_metrics_of_daemon_and_jvm() throws Exception {
        Metrics.latency(metrics.registry(), "rowrelay.publish.latency", "Change to publish.")
                .record(Duration.ofMillis(3));
        Metrics.sizes(metrics.registry(), "rowrelay.batch.size", "Changes in a batch.")
                .record(700);
        health.ready("capturing");

        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body())
                .contains("rowrelay_publish_latency_seconds_bucket{stream=\"orders\",le=\"0.005\"} 1")
                .contains("rowrelay_publish_latency_seconds_bucket{stream=\"orders\",le=\"0.002\"} 0")
                .contains("rowrelay_publish_latency_seconds_bucket{stream=\"orders\",le=\"60.0\"} 1")
                .contains("rowrelay_batch_size_bucket{stream=\"orders\",le=\"1000.0\"} 1")
                .contains("rowrelay_ready{stream=\"orders\"} 1.0")
                .contains("jvm_memory_used_bytes", "process_uptime_seconds", "process_files_open_files")
                .contains("logback_events_total", "process_cpu_usage", "jvm_threads_live_threads");
    }

    @Test
    void shows_open_metrics_where_asked() throws Exception {
        HttpRequest request = request("/metrics")
                .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
                .build();

        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
        assertThat(answer.body()).endsWith("# EOF\n");
    }

    @Test
    void lists_its_pages() throws Exception {
        assertThat(get("/").body()).contains("/health/live", "/health/ready", "/metrics");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/health", "/health/", "/health/ready/", "/metricsx", "/%2e%2e/etc"})
    void knows_no_other_page(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void takes_no_other_method(String method) throws Exception {
        HttpRequest request = request("/health/live")
                .method(method, BodyPublishers.ofString("x".repeat(100_000)))
                .build();

        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void answers_head_like_get_without_the_body() throws Exception {
        HttpRequest request =
                request("/").method("HEAD", BodyPublishers.noBody()).build();

        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValueAsLong("Content-Length"))
                .hasValue(get("/").body().length());
    }

    /** Three hundred connections that never finish their request, from the address of the probe itself. */
    @Test
    void answers_a_probe_at_once_while_slow_clients_hold_all_the_connections_that_they_get() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int client = 0; client < 300; client++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
                slow.add(socket);
                socket.getOutputStream().write("GET /health/live HT".getBytes(StandardCharsets.US_ASCII));
            }

            HttpRequest request =
                    request("/health/live").timeout(Duration.ofSeconds(3)).build();

            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            for (Socket tooMany : slow.subList(0, 300 - Connections.MOST_OF_AN_ADDRESS)) {
                tooMany.setSoTimeout(3_000);
                assertThat(isClosed(tooMany)).isTrue();
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "GET\r\n\r\n",
                "GET / SPDY/3\r\n\r\n",
                "\u0016\u0003\u0001\n\n",
                "GET /a b HTTP/1.1\n\n"
            })
    void answers_what_is_no_request_with_a_mistake(String text) throws Exception {
        assertThat(raw(text)).startsWith("HTTP/1.1 400 Bad Request");
    }

    @Test
    void reads_no_head_without_end() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nx: " + "x".repeat(40_000))).startsWith("HTTP/1.1 400 ");
    }

    /** As the health check of the image, and a proxy. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health/live HTTP/1.0\r\n\r\n",
                "GET /health/live?a=b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET http://x:1/health/live HTTP/1.1\r\nHost: x\r\n\r\n"
            })
    void takes_requests_in_all_their_forms(String text) throws Exception {
        assertThat(raw(text)).startsWith("HTTP/1.1 200 OK").endsWith("}\n");
    }

    @Test
    void lets_a_slow_client_finish_however_many_have_been_answered_meanwhile() throws Exception {
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            slow.getOutputStream().write("GET /health/live HT".getBytes(StandardCharsets.US_ASCII));
            for (int answered = 0; answered < Connections.MOST_OF_AN_ADDRESS + 1; answered++) {
                raw("GET /health/live HTTP/1.0\r\n\r\n");
            }
            slow.getOutputStream().write("TP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(slow.getInputStream().readAllBytes()).asString().startsWith("HTTP/1.1 200 OK");
        }
    }

    /** Whether the server has closed it; what it had not read makes that a reset. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    private String raw(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void drops_a_client_that_never_finishes_its_request() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream().write("GET /health/live HT".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void tells_that_the_port_is_taken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Metrics others = Metrics.open("orders")) {
            HttpSettings settings = new HttpSettings("127.0.0.1", taken.getLocalPort(), LIVENESS);

            assertThatThrownBy(() -> HttpEndpoint.open(settings, "producer", health, others))
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageContaining("HTTP_PORT=" + taken.getLocalPort())
                    .hasMessageContaining("in use")
                    .hasMessageContaining("PRODUCER_HTTP_PORT");
        }
    }

    @Test
    void tells_that_the_host_is_unknown() {
        try (Metrics others = Metrics.open("orders")) {
            HttpSettings settings = new HttpSettings("no such host", 0, LIVENESS);

            assertThatThrownBy(() -> HttpEndpoint.open(settings, "producer", health, others))
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageContaining("HTTP_HOST=no such host")
                    .hasMessageContaining("the host is unknown");
        }
    }

    @Test
    void names_of_metrics_begin_with_rowrelay() {
        assertThatThrownBy(() -> Metrics.latency(metrics.registry(), "latency", "x"))
                .hasMessage("latency must begin with rowrelay.");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + path));
    }
}
