package io.rowrelay.common.http;

import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Mistake;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.ValueType;
import io.rowrelay.common.settings.ValueTypes;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the HTTP endpoint listens, and when it reports that the daemon does not move.
 *
 * @param host the address to listen on
 * @param port the port; 0 is any free one
 * @param livenessTimeout how long the daemon's loop may stand still
 * @param peer where a browser finds the endpoint of the stream's other daemon, for the status page to show both
 * @param access who may see all pages
 * @param tls the files of TLS; empty for plain HTTP
 */
public record HttpSettings(
        String host, int port, Duration livenessTimeout, Optional<URI> peer, Access access, Optional<Tls> tls) {

    /** As browsers write an origin: in lower case, the port without zeros before it. */
    private static final Pattern PEER =
            Pattern.compile("https?://([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?|\\[[0-9a-f:]{2,45}])(:[1-9][0-9]{0,4})?");

    private static final int LARGEST_PORT = 65_535;
    /** The ports that browsers leave out. */
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

    /** The name of the setting of the port. */
    static final String PORT = "HTTP_PORT";

    static final String TLS_CERTIFICATE = "HTTP_TLS_CERTIFICATE";

    private static final Setting<String> HOST = new Setting<>(
            "HTTP_HOST",
            "Address that the HTTP endpoint listens on; 0.0.0.0 means every address.",
            "127.0.0.1",
            ValueTypes.text());
    private static final Setting<String> TOKEN = new Setting<>(
            "HTTP_TOKEN",
            "Token without which the HTTP endpoint shows nothing but whether the daemon is live and ready: a bearer token, or"
                    + " the password of any user.",
            Access.OPEN,
            Access.type());
    private static final ValueType<Optional<Path>> FILE = ValueType.open(
            "none, or the path of a file that can be read",
            text -> text.equals("none")
                    ? Optional.of(Optional.empty())
                    : ValueTypes.readableFile(text).flatMap(path -> Optional.of(Optional.of(path))));
    private static final Setting<Optional<Path>> CERTIFICATE = new Setting<>(
            TLS_CERTIFICATE,
            "Certificate chain, in PEM, with which the HTTP endpoint speaks TLS. It is read again when it is replaced.",
            "none",
            FILE);
    private static final Setting<Optional<Path>> KEY = new Setting<>(
            "HTTP_TLS_KEY",
            "Private key of that certificate, in PEM (PKCS #8, not encrypted).",
            "${" + TLS_CERTIFICATE + "}",
            FILE);
    private static final Setting<Duration> LIVENESS_TIMEOUT = new Setting<>(
            "LIVENESS_TIMEOUT",
            "Answer 503 to /health/live when the daemon's loop has stood still for this long.",
            "2m",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofDays(1)));

    private static final ValueType<Optional<URI>> PEER_URL = ValueType.open(
            "none, or a URL in lower case and without a default port, such as http://localhost:8082",
            HttpSettings::peer);
    private static final Setting<Optional<URI>> STATUS_PEER = new Setting<>(
            "STATUS_PEER",
            "URL of the other daemon's HTTP endpoint, as a browser reaches it. The status page then shows both daemons, and"
                    + " the other daemon's page may read the status of this one.",
            "none",
            PEER_URL);

    /** Without a peer, open to all, without TLS. */
    public HttpSettings(String host, int port, Duration livenessTimeout) {
        this(host, port, livenessTimeout, Optional.empty());
    }

    /** Open to all, without TLS. */
    HttpSettings(String host, int port, Duration livenessTimeout, Optional<URI> peer) {
        this(host, port, livenessTimeout, peer, new Access(Optional.empty()), Optional.empty());
    }

    /** The files of TLS. */
    record Tls(Path certificate, Path key) {}

    /** What a browser sends and compares as the origin of the peer's page. */
    Optional<String> peerOrigin() {
        return peer.map(url -> url.getScheme() + "://" + url.getRawAuthority());
    }

    /** A URL with a host and no path; it gets into headers as it is. */
    private static Optional<Optional<URI>> peer(String text) {
        if (text.equals("none")) {
            return Optional.of(Optional.empty());
        }
        if (!PEER.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text);
            boolean writtenSo = url.getPort() <= LARGEST_PORT
                    && !Integer.valueOf(url.getPort()).equals(DEFAULT_PORTS.get(url.getScheme()));
            return writtenSo ? Optional.of(Optional.of(url)) : Optional.empty();
        } catch (URISyntaxException noAddress) {
            return Optional.empty();
        }
    }

    /**
     * The lines of the table. Daemons differ in the default port; and a setting that cannot be the same for two daemons has a
     * name of its own for each, which overrides the common one, so that one environment serves both.
     */
    public record Lines(Setting<Integer> port, Setting<Integer> ownPort, Setting<Optional<URI>> ownPeer) {

        /** Those of a daemon; {@code daemon} is what it is called in names, such as PRODUCER. */
        public static Lines of(String daemon, int defaultPort) {
            return new Lines(
                    new Setting<>(PORT, "Port of the HTTP endpoint.", Integer.toString(defaultPort), ValueTypes.port()),
                    new Setting<>(
                            ownName(daemon, PORT),
                            "HTTP_PORT for this daemon only.",
                            "${" + PORT + "}",
                            ValueTypes.port()),
                    new Setting<>(
                            ownName(daemon, STATUS_PEER.name()),
                            "STATUS_PEER for this daemon only.",
                            "${" + STATUS_PEER.name() + "}",
                            PEER_URL));
        }

        public List<Setting<?>> all() {
            return List.of(HOST, port, ownPort, TOKEN, CERTIFICATE, KEY, LIVENESS_TIMEOUT, STATUS_PEER, ownPeer);
        }

        public HttpSettings from(Settings settings) {
            return new HttpSettings(
                    settings.get(HOST),
                    settings.get(ownPort),
                    settings.get(LIVENESS_TIMEOUT),
                    settings.get(ownPeer),
                    new Access(
                            settings.get(TOKEN).equals(Access.OPEN)
                                    ? Optional.empty()
                                    : Optional.of(settings.secret(TOKEN))),
                    tls(settings));
        }

        private static Optional<Tls> tls(Settings settings) {
            Optional<Path> key = settings.get(KEY);
            if (key.isPresent() && settings.get(CERTIFICATE).isEmpty()) {
                throw new InvalidSettingsException(new Mistake(
                        "configuration",
                        KEY.name(),
                        key.get().toString(),
                        "has no certificate",
                        "set " + TLS_CERTIFICATE + " as well"));
            }
            return settings.get(CERTIFICATE).map(certificate -> new Tls(certificate, key.orElse(certificate)));
        }
    }

    /** The name of a setting that overrides another, for one daemon. */
    static String ownName(String daemon, String name) {
        return daemon.toUpperCase(Locale.ROOT) + "_" + name;
    }
}
