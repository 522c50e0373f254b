package io.rowrelay.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void prints_what_json_has_and_everything_else_as_a_string() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("number", 17L);
        members.put("truth", true);
        members.put("list", Arrays.asList("a", null, 1.5));
        members.put("raw", new JsonText.Raw("{\"x\":1}"));
        members.put("time", Instant.EPOCH);
        members.put("none", Double.NaN);

        assertThat(JsonText.of(members))
                .isEqualTo("{\"number\":17,\"truth\":true,\"list\":[\"a\",null,1.5],\"raw\":{\"x\":1},"
                        + "\"time\":\"1970-01-01T00:00:00Z\",\"none\":null}");
        assertThat(JsonText.of(List.of())).isEqualTo("[]");
    }

    @Test
    void escapes_what_would_end_a_string_or_steer_a_terminal() {
        assertThat(JsonText.quote("a\"b\\c\n\u001b\u007f\ud83d\ude00ø"))
                .isEqualTo("\"a\\\"b\\\\c\\u000a\\u001b\\u007f\\ud83d\\ude00ø\"");
    }
}
