package io.rowrelay.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.ProductNames;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.settings.SettingsTable;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The endpoint with a token, and with TLS. */
@Timeout(30)
class ProtectedEndpointTest {
    private static final String TOKEN = "correct-horse-battery";
    private static final HttpSettings.Lines LINES = HttpSettings.Lines.of("PRODUCER", 8081);

    private final Health health = new Health(Duration.ofMinutes(1));
    private final Metrics metrics = Metrics.open("orders");

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void listens_on_the_loopback_only_unless_told_otherwise() {
        assertThat(settings(Map.of()).host()).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/status.json"})
    void shows_its_pages_to_those_who_know_the_token(String path) throws Exception {
        try (HttpEndpoint endpoint = open(Map.of("HTTP_TOKEN", TOKEN))) {
            HttpResponse<String> refused = get(endpoint, path, "");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Basic ");
            assertThat(refused.body()).doesNotContain("orders");

            for (String wrong : List.of(
                    "Bearer " + TOKEN + "x",
                    "Bearer " + TOKEN.substring(1),
                    "Bearer",
                    TOKEN,
                    "Basic " + TOKEN,
                    basic("anybody", ""),
                    "Digest " + TOKEN)) {
                assertThat(get(endpoint, path, wrong).statusCode()).as(wrong).isEqualTo(401);
            }
            for (String right : List.of("Bearer " + TOKEN, "bearer  " + TOKEN, basic("anybody", TOKEN))) {
                assertThat(get(endpoint, path, right).statusCode()).as(right).isEqualTo(200);
            }
        }
    }

    @Test
    void tells_a_probe_whether_it_is_live_and_ready_and_keeps_the_reason_for_those_who_know_the_token()
            throws Exception {
        try (HttpEndpoint endpoint = open(Map.of("HTTP_TOKEN", TOKEN))) {
            health.notReady("the table is locked");

            assertThat(get(endpoint, "/health/live", "").statusCode()).isEqualTo(200);
            assertThat(get(endpoint, "/health/ready", "").statusCode()).isEqualTo(503);
            assertThat(get(endpoint, "/health/ready", "").body()).doesNotContain("locked");
            assertThat(get(endpoint, "/health/ready", "Bearer " + TOKEN).body()).contains("the table is locked");
        }
    }

    @Test
    void takes_a_token_that_is_replaced_in_its_file_and_lets_nobody_in_with_none() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        try (HttpEndpoint endpoint = open(Map.of("HTTP_TOKEN_FILE", file.toString()))) {
            assertThat(get(endpoint, "/metrics", "Bearer " + TOKEN).statusCode())
                    .isEqualTo(200);

            Files.writeString(file, "another-horse-battery");
            assertThat(get(endpoint, "/metrics", "Bearer " + TOKEN).statusCode())
                    .isEqualTo(401);
            assertThat(get(endpoint, "/metrics", "Bearer another-horse-battery").statusCode())
                    .isEqualTo(200);

            Files.writeString(file, "none");
            assertThat(get(endpoint, "/metrics", "Bearer none").statusCode()).isEqualTo(401);
            assertThat(get(endpoint, "/metrics", "").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void takes_no_token_that_is_easily_guessed() {
        assertThatThrownBy(() -> settings(Map.of("HTTP_TOKEN", "secret")))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("HTTP_TOKEN=***")
                .hasMessageContaining("16");
    }

    @Test
    void speaks_tls_with_the_certificate_that_is_on_disk_now() throws Exception {
        Path pem = pem("first", directory.resolve("http.pem"));
        try (HttpEndpoint endpoint = open(Map.of("HTTP_TLS_CERTIFICATE", pem.toString()))) {
            assertThat(secure("first", endpoint).body()).contains("\"live\"");
            assertThatThrownBy(() -> secure("second", endpoint)).isInstanceOf(SSLHandshakeException.class);

            Files.writeString(pem, "half wri");
            Files.setLastModifiedTime(pem, FileTime.from(Instant.now().plusSeconds(1)));
            assertThat(secure("first", endpoint).statusCode()).isEqualTo(200);

            pem("second", pem);
            Files.setLastModifiedTime(pem, FileTime.from(Instant.now().plusSeconds(2)));
            assertThat(secure("second", endpoint).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> secure("first", endpoint)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    /** Anybody who connects in that moment could fill the log. */
    @Test
    void warns_once_of_a_certificate_that_cannot_be_used_however_many_ask() throws Exception {
        Path pem = pem("first", directory.resolve("http.pem"));
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ServerTls.class);
        try (HttpEndpoint endpoint = open(Map.of("HTTP_TLS_CERTIFICATE", pem.toString()))) {
            lines.start();
            logger.addAppender(lines);
            Files.delete(pem);
            for (int i = 0; i < 3; i++) {
                assertThat(secure("first", endpoint).statusCode()).isEqualTo(200);
            }
            pem("second", pem);
            assertThat(secure("second", endpoint).statusCode()).isEqualTo(200);
            Files.delete(pem);
            assertThat(secure("second", endpoint).statusCode()).isEqualTo(200);
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO, Level.WARN);
    }

    @Test
    void names_what_is_wrong_with_the_files_of_tls() throws Exception {
        String first = pem("first", directory.resolve("first.pem")).toString();
        String second = pem("second", directory.resolve("second.pem")).toString();
        String text = Files.writeString(directory.resolve("text"), "no PEM").toString();

        assertThatThrownBy(() -> open(Map.of("HTTP_TLS_CERTIFICATE", first, "HTTP_TLS_KEY", second)))
                .hasMessageContaining("HTTP_TLS_CERTIFICATE=" + first)
                .hasMessageContaining("the key is not that of the certificate");
        assertThatThrownBy(() -> open(Map.of("HTTP_TLS_CERTIFICATE", first, "HTTP_TLS_KEY", text)))
                .hasMessageContaining(text + " has no BEGIN PRIVATE KEY");
        assertThatThrownBy(() -> open(Map.of("HTTP_TLS_CERTIFICATE", text)))
                .hasMessageContaining("no BEGIN CERTIFICATE");
        assertThatThrownBy(() -> settings(Map.of("HTTP_TLS_KEY", first)))
                .hasMessageContaining("set HTTP_TLS_CERTIFICATE");
    }

    private static String basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private static HttpSettings settings(Map<String, String> given) {
        SettingsTable table =
                new SettingsTable(LINES.all(), List.of(), List.of(), new ProductNames(Set.of(), List.of()));
        return LINES.from(Settings.read(SettingsSource.of(given), table));
    }

    private HttpEndpoint open(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.put("HTTP_PORT", "0");
        return HttpEndpoint.open(settings(all), "producer", health, metrics);
    }

    private static HttpResponse<String> get(HttpEndpoint endpoint, String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("http", endpoint, path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    /** Asks as a client that trusts one certificate. */
    private static HttpResponse<String> secure(String trusted, HttpEndpoint endpoint) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = resource(trusted)) {
            String text = new String(pem.readAllBytes(), StandardCharsets.US_ASCII);
            InputStream certificate = new java.io.ByteArrayInputStream(
                    text.substring(text.indexOf("-----BEGIN CERTIFICATE")).getBytes(StandardCharsets.US_ASCII));
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(
                        HttpRequest.newBuilder(uri("https", endpoint, "/health/live"))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static URI uri(String scheme, HttpEndpoint endpoint, String path) {
        return URI.create(scheme + "://127.0.0.1:" + endpoint.port() + path);
    }

    private static Path pem(String name, Path file) throws Exception {
        try (InputStream resource = resource(name)) {
            Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(ProtectedEndpointTest.class.getResourceAsStream(name + ".pem"), name);
    }
}
