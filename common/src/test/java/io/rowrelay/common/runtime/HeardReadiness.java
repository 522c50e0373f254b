package io.rowrelay.common.runtime;

import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told. */
final class HeardReadiness implements Readiness {
    final List<String> heard = new ArrayList<>();

    @Override
    public void ready(String reason) {
        heard.add("ready: " + reason);
    }

    @Override
    public void notReady(String reason) {
        heard.add("not ready: " + reason);
    }

    @Override
    public void beat() {
        heard.add("beat");
    }
}
