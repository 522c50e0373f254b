package io.rowrelay.it.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows: as the writers know them, in the source, in the destination. */
final class ContentCheck {
    private ContentCheck() {}

    static List<Finding> findings(Evidence evidence) {
        return findings(evidence.model(), evidence.sourceRows(), evidence.destinationRows());
    }

    static List<Finding> findings(
            Map<Integer, Integer> model, Map<Integer, String> source, Map<Integer, String> destination) {
        List<Finding> findings = new ArrayList<>();
        Set<Integer> keys = new HashSet<>(model.keySet());
        keys.addAll(source.keySet());
        keys.addAll(destination.keySet());
        for (int key : keys) {
            String inSource = source.getOrDefault(key, "no row");
            Integer stamp = model.get(key);
            if (!(stamp == null ? inSource.equals("no row") : inSource.startsWith(stamp + "|"))) {
                findings.add(new Finding("source = writer", key, inSource + " instead of stamp " + stamp));
            }
            String inDestination = destination.getOrDefault(key, "no row");
            if (!inSource.equals(inDestination)) {
                findings.add(new Finding("destination = source", key, inDestination + " instead of " + inSource));
            }
        }
        return findings;
    }
}
