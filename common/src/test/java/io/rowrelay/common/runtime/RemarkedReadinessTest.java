package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RemarkedReadinessTest {
    private final HeardReadiness daemon = new HeardReadiness();

    @Test
    void remarks_follow_the_reason_of_a_daemon_that_is_ready() {
        readiness("two letters", "", "one partition").ready("applying");
        readiness("", "").ready("applying");
        readiness("two letters").notReady("joining");

        assertThat(daemon.heard)
                .containsExactly(
                        "ready: applying; two letters; one partition", "ready: applying", "not ready: joining");
    }

    private Readiness readiness(String... remarks) {
        return new RemarkedReadiness(
                daemon,
                List.of(remarks).stream()
                        .<Supplier<String>>map(remark -> () -> remark)
                        .toList());
    }
}
