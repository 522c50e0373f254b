package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadinessOfPartsTest {
    private final HeardReadiness daemon = new HeardReadiness();
    private final ReadinessOfParts parts = new ReadinessOfParts(daemon);

    @Test
    void says_what_its_only_part_says() {
        Readiness orders = parts.part("table orders");

        orders.beat();
        orders.ready("applying");
        orders.notReady("the table is missing");

        assertThat(daemon.heard).containsExactly("beat", "ready: applying", "not ready: the table is missing");
    }

    @Test
    void is_ready_when_all_parts_are_and_names_those_that_are_not() {
        Readiness orders = parts.part("table orders");
        Readiness items = parts.part("table items");

        orders.ready("applying");
        items.notReady("the table is missing");
        items.ready("applying");

        assertThat(daemon.heard)
                .containsExactly(
                        "not ready: table items: starting",
                        "not ready: table items: the table is missing",
                        "ready: table orders: applying; table items: applying");
    }
}
