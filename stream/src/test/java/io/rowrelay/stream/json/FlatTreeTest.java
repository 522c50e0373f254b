package io.rowrelay.stream.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatTreeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":null,\"b\":true,\"c\":false,\"d\":\"true\",\"e\":\"1\",\"f\":\"\",\"g\":\"\\u00e9\\n\"}",
                "{\"a\":0,\"b\":-0,\"c\":1,\"d\":-1,\"e\":2147483647,\"f\":-2147483648}",
                "{\"a\":2147483648,\"b\":-2147483649,\"c\":9223372036854775807,\"d\":-9223372036854775808}",
                "{\"a\":9223372036854775808,\"b\":-9223372036854775809,\"c\":123456789012345678901234567890}",
                "{\"a\":0.0,\"b\":-0.0,\"c\":1.0,\"d\":1.10,\"e\":-5.00,\"f\":100.0,\"g\":0.1}",
                "{\"a\":1e3,\"b\":1E+3,\"c\":1.5e-7,\"d\":10e0,\"e\":0e5,\"f\":1e400,\"g\":1.0e-400,\"h\":12300e-2}",
                "{\"a\":1e99999,\"b\":1e-99999,\"c\":1e100001,\"d\":10e2147483600}"
            })
    void is_the_tree_that_the_bytes_would_give(String json) throws Exception {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        assertThat(FlatTree.of(ParsedRecord.of(bytes, MemberNames.NONE)))
                .contains(JsonObjects.SCHEMA_MAPPER.readTree(bytes));
    }

    @Test
    void leaves_to_the_bytes_what_is_not_flat_or_too_long_for_a_schema() throws Exception {
        assertThat(FlatTree.of(ParsedRecord.of(utf8("{\"a\":[]}"), MemberNames.NONE)))
                .isEmpty();
        assertThat(FlatTree.of(ParsedRecord.of(utf8("{\"a\":{\"b\":1}}"), MemberNames.NONE)))
                .isEmpty();
        assertThat(FlatTree.of(ParsedRecord.of(utf8("{\"a\":" + "1".repeat(10_001) + "}"), MemberNames.NONE)))
                .isEmpty();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
