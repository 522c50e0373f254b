package io.rowrelay.stream.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeHeadTest {
    @Test
    void reads_the_front_of_a_published_value() {
        assertThat(
                        parse(
                                "{\"action_id\":17,\"action\":\"UPDATE\",\"changed_at\":\"1970-01-01T00:00:01.000002+00:00\",\"emp_id"))
                .contains(new EnvelopeHead(17, 1_000_002));
        assertThat(
                        parse(
                                "{\"action_id\":4611686018427387904,\"action\":\"DELETE\",\"changed_at\":\"1970-01-01T00:00:00+00:00\",\"emp_id"))
                .contains(new EnvelopeHead(1L << 62, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                " {\"action_id\":1,\"action\":\"INSERT\",\"changed_at\":\"1970-01-01T00:00:00+00:00\",",
                "{\"action_id\":0,\"action\":\"INSERT\",\"changed_at\":\"1970-01-01T00:00:00+00:00\",",
                "{\"action_id\":4611686018427387905,\"action\":\"INSERT\",\"changed_at\":\"1970-01-01T00:00:00+00:00\",",
                "{\"action_id\":9223372036854775808,\"action\":\"INSERT\",\"changed_at\":\"1970-01-01T00:00:00+00:00\",",
                "{\"action_id\":-1,\"action\":\"INSERT\",\"changed_at\":\"1970-01-01T00:00:00+00:00\",",
                "{\"action_id\":1,\"action\":\"insert\",\"changed_at\":\"1970-01-01T00:00:00+00:00\",",
                "{\"action_id\":1,\"action\":\"INSERT\",\"changed_at\":\"1970-13-01T00:00:00+00:00\",",
                "{\"action_id\":1,\"action\":\"INSERT\",\"changed_at\":\"infinity\",",
                "{\"action\":\"INSERT\",\"action_id\":1,\"changed_at\":\"1970-01-01T00:00:00+00:00\",",
                "{\"action_id\":1,\"action\":\"INSERT\",\"changed_at\":\"1970-01-01T00:00:00+00:00\"}"
            })
    void takes_nothing_else_for_one(String front) {
        assertThat(parse(front)).isEmpty();
    }

    private static java.util.Optional<EnvelopeHead> parse(String front) {
        return EnvelopeHead.parse(front.getBytes(StandardCharsets.UTF_8));
    }
}
