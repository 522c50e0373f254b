package io.rowrelay.stream.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.json.RawMembers.As;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RawMembersTest {
    @Test
    void gives_a_value_as_it_is_written() {
        String json =
                " { \"a\" : \"x\\\"\\u0000}\" ,\"b\":{\"a\": [1 , \"]\"]}, \"c\\u0041\\n\": -1.50e3 ,\"d\":null,\"e\":[[],{}]} ";

        assertThat(text(json, "a")).isEqualTo("\"x\\\"\\u0000}\"");
        assertThat(text(json, "b")).isEqualTo("{\"a\": [1 , \"]\"]}");
        assertThat(text(json, "cA\n")).isEqualTo("-1.50e3");
        assertThat(text(json, "d")).isEqualTo("none");
        assertThat(text(json, "e")).isEqualTo("[[],{}]");
        assertThat(text(json, "f")).isEqualTo("none");
        assertThat(text("{}", "a")).isEqualTo("none");
        assertThat(text("{\"a\":true}", "a")).isEqualTo("true");
    }

    @Test
    void writes_a_record_anew_with_values_as_texts() {
        Map<String, As> how = Map.of(
                "id", As.ITSELF, "doc", As.TEXT, "none", As.TEXT, "v", As.TEXT_IF_NESTED, "w", As.TEXT_IF_NESTED);

        String rewritten = rewritten(
                "{\"id\":7, \"gone\":[1], \"doc\":\"\\u0000\", \"none\": null, \"v\":\"\\t\", \"w\":{\"é\":\n\"\\\\\"}}",
                how);

        assertThat(rewritten)
                .isEqualTo(
                        "{\"id\":7,\"doc\":\"\\\"\\\\u0000\\\"\",\"none\":null,\"v\":\"\\t\",\"w\":\"{\\\"é\\\":\\n\\\"\\\\\\\\\\\"}\"}");
        assertThat(rewritten("{ }", how)).isEqualTo("{}");
        assertThat(rewritten("{\"gone\":1}", how)).isEqualTo("{}");
    }

    private static String text(String json, String name) {
        return RawMembers.text(utf8(json), name).orElse("none");
    }

    private static String rewritten(String json, Map<String, As> how) {
        byte[] rewritten = RawMembers.rewritten(utf8(json), name -> how.getOrDefault(name, As.NOTHING));
        return new String(rewritten, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
