package io.rowrelay.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AdminMainTest {
    private static final int WRONG_COMMAND_LINE = 2;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resync --chunk 0",
                "resync --rate 0",
                "reanchor --chunk 10001",
                "reanchor --rate 1000001",
                "backfill --restart --chunk 0",
                "backfill --rate 0",
                "verify --chunk 0",
                "verify --every 1",
                "status --watch -1",
                "doctor --late -1",
                "cutover --margin 0",
                "uninstall --source-only --destination-only",
                "uninstall --delete-topics --source-only",
                "dlq list --limit 0",
                "dlq list --since yesterday",
                "dlq show",
                "dlq discard",
                "dlq replay x"
            })
    void refuses_a_wrong_command_line_before_it_connects(String line) {
        Map<String, String> nobodyIsThere = Map.of(
                "SOURCE_DB_URL", "jdbc:postgresql://localhost:1/none",
                "DESTINATION_DB_URL", "jdbc:postgresql://localhost:1/none",
                "ADMIN_TIMEOUT", "1s");

        assertThat(AdminMain.run(nobodyIsThere, line.split(" "))).isEqualTo(WRONG_COMMAND_LINE);
    }
}
