package io.rowrelay.common.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.rowrelay.common.command.Version;
import io.rowrelay.common.json.JsonText;
import io.rowrelay.common.logging.RecentProblems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The state of a daemon, as one JSON object for the status page: numbers of ours only, counters since its start. Thread-safe.
 */
final class Status {
    private static final String OURS = "rowrelay.";
    private static final String DEAD_LETTERS = OURS + "records.deadlettered";
    /** Numbers of one table each begin with this, and have its name as a tag. */
    private static final String OF_TABLE = OURS + "table.";

    private final HttpSettings settings;
    private final String role;
    private final Health health;
    private final Metrics metrics;

    Status(HttpSettings settings, String role, Health health, Metrics metrics) {
        this.settings = settings;
        this.role = role;
        this.health = health;
        this.metrics = metrics;
    }

    String json() {
        Health.State state = health.state();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("role", role);
        status.put("stream", metrics.stream());
        status.put("version", Version.current());
        status.put("peer", settings.peer().map(Object::toString).orElse(""));
        status.put("ready", state.ready());
        status.put("reason", state.reason());
        status.put("since", state.since());
        status.put("counters", numbers(Counter.class, Counter::count));
        status.put("gauges", numbers(Gauge.class, Gauge::value));
        status.put("dead_letters", deadLetters());
        status.put("latency", latency());
        status.put("problems", problems());
        status.put("tables", tables());
        return JsonText.of(status);
    }

    private <M extends Meter> Map<String, Double> numbers(Class<M> type, ToDoubleFunction<M> number) {
        Map<String, Double> numbers = new TreeMap<>();
        for (Meter meter : registry().getMeters()) {
            String name = meter.getId().getName();
            if (type.isInstance(meter) && name.startsWith(OURS) && !name.startsWith(OF_TABLE)) {
                numbers.merge(name.substring(OURS.length()), number.applyAsDouble(type.cast(meter)), Double::sum);
            }
        }
        return numbers;
    }

    /** The numbers of each table of a stream of many; none of a stream of one table that the source has no registry of. */
    private Map<String, Map<String, Number>> tables() {
        Map<String, Map<String, Number>> tables = new TreeMap<>();
        for (Meter meter : registry().getMeters()) {
            String name = meter.getId().getName();
            if (name.startsWith(OF_TABLE)) {
                double number = meter instanceof Counter counter ? counter.count() : ((Gauge) meter).value();
                Map<String, Number> known =
                        tables.computeIfAbsent(String.valueOf(meter.getId().getTag("table")), any -> new TreeMap<>());
                if (Double.isFinite(number) && number != 0) {
                    known.put(name.substring(OF_TABLE.length()), number);
                }
            }
        }
        return tables;
    }

    private Map<String, Double> deadLetters() {
        Map<String, Double> byReason = new TreeMap<>();
        for (Counter counter : registry().find(DEAD_LETTERS).counters()) {
            byReason.merge(String.valueOf(counter.getId().getTag("reason")), counter.count(), Double::sum);
        }
        return byReason;
    }

    /** The one timer: how long after its change a record leaves this daemon. */
    private Map<String, Object> latency() {
        Map<String, Object> latency = new LinkedHashMap<>();
        for (Meter meter : registry().getMeters()) {
            if (meter instanceof Timer timer && meter.getId().getName().startsWith(OURS + "latency.")) {
                List<List<Number>> buckets = new ArrayList<>();
                for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
                    buckets.add(List.of(bucket.bucket(TimeUnit.SECONDS), bucket.count()));
                }
                latency.put("count", timer.count());
                latency.put("buckets", buckets);
            }
        }
        return latency;
    }

    private static List<Map<String, Object>> problems() {
        List<Map<String, Object>> problems = new ArrayList<>();
        for (RecentProblems.Problem problem : RecentProblems.ofTheProcess()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", problem.time());
            line.put("level", problem.level());
            line.put("message", problem.message());
            problems.add(line);
        }
        return problems;
    }

    private MeterRegistry registry() {
        return metrics.registry();
    }
}
