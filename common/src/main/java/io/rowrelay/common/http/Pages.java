package io.rowrelay.common.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rowrelay.common.json.JsonText;
import java.util.Locale;

/** The pages of the HTTP endpoint. */
final class Pages {

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_FULL = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
    private static final String INDEX = """
            Rowrelay
            GET /health/live   200 while the daemon's loop moves, else 503
            GET /health/ready  200 while the daemon does its work, else 503; JSON with the reason
            GET /metrics       Prometheus metrics
            GET /status.json   what the status page shows, which a browser gets here""";

    private final Health health;
    private final PrometheusMeterRegistry metrics;
    private final HttpSettings settings;
    private final StatusPage page;
    private final Status status;

    Pages(HttpSettings settings, String role, Health health, Metrics metrics) {
        this.health = health;
        this.metrics = metrics.prometheus();
        this.settings = settings;
        this.page = StatusPage.load(settings);
        this.status = new Status(settings, role, health, metrics);
    }

    /**
     * The answer to a GET or HEAD. Probes carry no token, so they get the status of each health page; the reason is for those who
     * may see all.
     */
    Answer get(Request request) {
        boolean granted = settings.access().isGranted(request.header("authorization"));
        String accept = request.header("accept");
        return switch (request.path()) {
            case "/health/live" -> live();
            case "/health/ready" -> ready(granted);
            case "/status.json" -> toPeer(granted ? status() : refused());
            case "/" -> granted ? index(accept) : refused();
            case "/metrics" -> granted ? metrics(accept) : refused();
            default -> Answer.text(404, "Not found. GET / lists what there is.");
        };
    }

    private static Answer refused() {
        return Answer.text(401, "Send HTTP_TOKEN as a bearer token, or as the password of any user.")
                .with("WWW-Authenticate", "Basic realm=\"Rowrelay\", charset=\"UTF-8\"");
    }

    private Answer index(String accept) {
        return accept.contains("text/html") ? page.answer() : Answer.text(Answer.OK, INDEX);
    }

    private Answer status() {
        return new Answer(Answer.OK, "application/json", status.json());
    }

    /** Only the other daemon's page may ask from another origin, with the password that the browser has for this one. */
    private Answer toPeer(Answer answer) {
        return settings.peerOrigin()
                .map(origin -> answer.with("Access-Control-Allow-Origin", origin)
                        .with("Access-Control-Allow-Credentials", "true"))
                .orElse(answer);
    }

    private Answer live() {
        long stillSeconds = health.sinceLastBeat().toSeconds();
        return health.isLive()
                ? Answer.state(true, "live", "the loop moves", "")
                : Answer.state(false, "not live", "the loop has not moved for " + stillSeconds + " s", "");
    }

    private Answer ready(boolean granted) {
        Health.State readiness = health.state();
        String reason = granted ? readiness.reason() : "shown to those who send HTTP_TOKEN";
        String since = ",\"since\":" + JsonText.quote(readiness.since().toString());
        return Answer.state(readiness.ready(), readiness.ready() ? "ready" : "not ready", reason, since);
    }

    private Answer metrics(String accept) {
        String type = accept.toLowerCase(Locale.ROOT).contains(OPEN_METRICS) ? OPEN_METRICS_FULL : PROMETHEUS;
        return new Answer(Answer.OK, type, metrics.scrape(type));
    }
}
