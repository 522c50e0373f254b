package io.rowrelay.common.runtime;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Adds remarks to the reason of a daemon that is ready: what a human must know although the daemon does its work. Thread-safe. */
public final class RemarkedReadiness implements Readiness {
    private final Readiness target;
    private final List<Supplier<String>> remarks;

    /** A remark is empty while there is nothing to say. */
    public RemarkedReadiness(Readiness target, List<Supplier<String>> remarks) {
        this.target = target;
        this.remarks = List.copyOf(remarks);
    }

    @Override
    public void ready(String reason) {
        target.ready(Stream.concat(Stream.of(reason), remarks.stream().map(Supplier::get))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; ")));
    }

    @Override
    public void notReady(String reason) {
        target.notReady(reason);
    }

    @Override
    public void beat() {
        target.beat();
    }
}
