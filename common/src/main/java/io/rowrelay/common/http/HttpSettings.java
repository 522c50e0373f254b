package io.rowrelay.common.http;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.ValueTypes;
import java.time.Duration;
import java.util.List;

/**
 * Where the HTTP endpoint listens, and when it calls the daemon dead.
 *
 * @param host the address to listen on
 * @param port the port; 0 is any free one
 * @param livenessTimeout how long the daemon's loop may stand still
 */
public record HttpSettings(String host, int port, Duration livenessTimeout) {

    private static final Setting<String> HOST = new Setting<>(
            "HTTP_HOST", "Address the HTTP endpoint listens on; 0.0.0.0 is every one.", "0.0.0.0", ValueTypes.text());
    private static final Setting<Duration> LIVENESS_TIMEOUT = new Setting<>(
            "LIVENESS_TIMEOUT",
            "How long the daemon's loop may stand still before /health/live answers 503.",
            "2m",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofDays(1)));

    /** The lines of the table; the daemons differ in the default port. */
    public record Lines(Setting<Integer> port) {

        public static Lines of(int defaultPort) {
            return new Lines(new Setting<>(
                    "HTTP_PORT", "Port of the HTTP endpoint.", Integer.toString(defaultPort), ValueTypes.port()));
        }

        public List<Setting<?>> all() {
            return List.of(HOST, port, LIVENESS_TIMEOUT);
        }

        public HttpSettings from(Settings settings) {
            return new HttpSettings(settings.get(HOST), settings.get(port), settings.get(LIVENESS_TIMEOUT));
        }
    }
}
