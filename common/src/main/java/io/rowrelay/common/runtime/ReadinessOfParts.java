package io.rowrelay.common.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A daemon whose parts each report their state: it is ready when all of them are, and names those that are not. With one part,
 * it passes on what that reports. Thread-safe.
 */
public final class ReadinessOfParts {
    private final Readiness target;
    private final Map<String, State> parts = new LinkedHashMap<>();

    private record State(boolean ready, String reason) {}

    /** Reports to {@code target} the state of all parts together. */
    public ReadinessOfParts(Readiness target) {
        this.target = target;
    }

    /** Where a part reports its state; until then it is not ready. The name is as an operator knows it. */
    public Readiness part(String name) {
        say(name, new State(false, "starting"), false);
        return new Readiness() {
            @Override
            public void ready(String reason) {
                say(name, new State(true, reason), true);
            }

            @Override
            public void notReady(String reason) {
                say(name, new State(false, reason), true);
            }

            @Override
            public void beat() {
                target.beat();
            }
        };
    }

    private synchronized void say(String name, State state, boolean tell) {
        parts.put(name, state);
        if (!tell) {
            return;
        }
        boolean ready = parts.values().stream().allMatch(State::ready);
        String reason = parts.size() == 1
                ? state.reason()
                : parts.entrySet().stream()
                        .filter(part -> part.getValue().ready() == ready)
                        .map(part -> part.getKey() + ": " + part.getValue().reason())
                        .collect(Collectors.joining("; "));
        if (ready) {
            target.ready(reason);
        } else {
            target.notReady(reason);
        }
    }
}
