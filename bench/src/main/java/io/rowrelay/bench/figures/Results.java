package io.rowrelay.bench.figures;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a run has to tell.
 *
 * @param facts about the machine and the run
 * @param rounds how many rounds were asked for
 * @param equalities how often source and destination were compared and equal
 * @param figures the figures
 * @param failures what could not be measured, and why
 */
public record Results(
        Map<String, String> facts, int rounds, int equalities, List<Figure> figures, List<String> failures) {
    public Results {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        figures = List.copyOf(figures);
        failures = List.copyOf(failures);
    }
}
