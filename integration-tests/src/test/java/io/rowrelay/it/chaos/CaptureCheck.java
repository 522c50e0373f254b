package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Evidence.Captured;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The change table holds, for each key, exactly the changes that its writer committed, in their order. */
final class CaptureCheck {
    private static final String NAME = "captured = committed";

    private CaptureCheck() {}

    static List<Finding> findings(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        Map<Integer, List<Captured>> captured =
                Evidence.grouped(evidence.captured(), each -> each.change().key());
        Set<Integer> keys = new HashSet<>(evidence.history().keySet());
        keys.addAll(captured.keySet());
        for (int key : keys) {
            List<Change> committed = evidence.history().getOrDefault(key, List.of());
            List<Change> found = captured.getOrDefault(key, List.of()).stream()
                    .map(Captured::change)
                    .toList();
            if (!found.equals(committed)) {
                findings.add(new Finding(
                        NAME, key, found.size() + " captured, " + committed.size() + " committed, or not the same"));
            }
        }
        return findings;
    }
}
