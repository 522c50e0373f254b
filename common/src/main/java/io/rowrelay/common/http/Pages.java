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

    /** The answer to a GET or HEAD of the path; {@code accept} is what the client asked for, or empty. */
    Answer get(String path, String accept) {
        return switch (path) {
            case "/" -> accept.contains("text/html") ? page.answer() : Answer.text(Answer.OK, INDEX);
            case "/health/live" -> live();
            case "/health/ready" -> ready();
            case "/metrics" -> metrics(accept);
            case "/status.json" -> status();
            default -> Answer.text(404, "Not found. GET / lists what there is.");
        };
    }

    /** Only the other daemon's page may ask from another origin. */
    private Answer status() {
        Answer answer = new Answer(Answer.OK, "application/json", status.json());
        return settings.peerOrigin()
                .map(origin -> answer.with("Access-Control-Allow-Origin", origin))
                .orElse(answer);
    }

    private Answer live() {
        long stillSeconds = health.sinceLastBeat().toSeconds();
        return health.isLive()
                ? Answer.state(true, "live", "the loop moves", "")
                : Answer.state(false, "not live", "the loop has not moved for " + stillSeconds + " s", "");
    }

    private Answer ready() {
        Health.State readiness = health.state();
        String since = ",\"since\":" + JsonText.quote(readiness.since().toString());
        return Answer.state(readiness.ready(), readiness.ready() ? "ready" : "not ready", readiness.reason(), since);
    }

    private Answer metrics(String accept) {
        String type = accept.toLowerCase(Locale.ROOT).contains(OPEN_METRICS) ? OPEN_METRICS_FULL : PROMETHEUS;
        return new Answer(Answer.OK, type, metrics.scrape(type));
    }
}
