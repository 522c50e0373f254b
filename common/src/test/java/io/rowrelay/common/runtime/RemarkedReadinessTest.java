package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemarkedReadinessTest {
    private final List<String> heard = new ArrayList<>();

    @Test
    void remarks_follow_the_reason_of_a_daemon_that_is_ready() {
        readiness("two letters", "", "one partition").ready("applying");
        readiness("", "").ready("applying");
        readiness("two letters").notReady("joining");

        assertThat(heard)
                .containsExactly(
                        "ready: applying; two letters; one partition", "ready: applying", "not ready: joining");
    }

    private Readiness readiness(String... remarks) {
        Readiness target = new Readiness() {
            @Override
            public void ready(String reason) {
                heard.add("ready: " + reason);
            }

            @Override
            public void notReady(String reason) {
                heard.add("not ready: " + reason);
            }

            @Override
            public void beat() {}
        };
        return new RemarkedReadiness(
                target,
                List.of(remarks).stream()
                        .<java.util.function.Supplier<String>>map(remark -> () -> remark)
                        .toList());
    }
}
