package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessOfPartsTest {
    private final List<String> said = new ArrayList<>();
    private final ReadinessOfParts parts = new ReadinessOfParts(new Readiness() {
        @Override
        public void ready(String reason) {
            said.add("ready: " + reason);
        }

        @Override
        public void notReady(String reason) {
            said.add("not ready: " + reason);
        }

        @Override
        public void beat() {
            said.add("beat");
        }
    });

    @Test
    void says_what_its_only_part_says() {
        Readiness orders = parts.part("table orders");

        orders.beat();
        orders.ready("applying");
        orders.notReady("the table is missing");

        assertThat(said).containsExactly("beat", "ready: applying", "not ready: the table is missing");
    }

    @Test
    void is_ready_when_all_parts_are_and_names_those_that_are_not() {
        Readiness orders = parts.part("table orders");
        Readiness items = parts.part("table items");

        orders.ready("applying");
        items.notReady("the table is missing");
        items.ready("applying");

        assertThat(said)
                .containsExactly(
                        "not ready: table items: starting",
                        "not ready: table items: the table is missing",
                        "ready: table orders: applying; table items: applying");
    }
}
