package io.rowrelay.admin.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
    @Test
    void writes_members_in_their_order_and_escapes_what_json_does_not_take() {
        assertThat(new JsonObject()
                        .with("text", "a\"b\\c\nd\u0001 \u00e9\ud83d\ude00")
                        .with("number", -3)
                        .with("yes", true)
                        .withSeconds("seconds", 1.23456)
                        .with("texts", List.of("x", "\t"))
                        .with("objects", List.of(new JsonObject(), new JsonObject().with("inner", 1)))
                        .with("object", new JsonObject())
                        .toString())
                .isEqualTo(
                        "{\"text\":\"a\\\"b\\\\c\\u000ad\\u0001 \u00e9\\ud83d\\ude00\",\"number\":-3,\"yes\":true,"
                                + "\"seconds\":1.235,\"texts\":[\"x\",\"\\u0009\"],\"objects\":[{},{\"inner\":1}],\"object\":{}}");
    }

    @Test
    void writes_what_is_empty_as_null() {
        assertThat(new JsonObject()
                        .with("none", Optional.empty())
                        .with("no_number", OptionalLong.empty())
                        .with("some", Optional.of("x"))
                        .with("number", OptionalLong.of(3))
                        .toString())
                .isEqualTo("{\"none\":null,\"no_number\":null,\"some\":\"x\",\"number\":3}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oldestSeconds", "Count", "by hand", "dead-letters", "_x", "x__y", ""})
    void has_every_name_in_snake_case(String name) {
        assertThatThrownBy(() -> new JsonObject().with(name, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takes_the_name_of_a_column_as_it_is() {
        assertThat(new JsonObject().withColumn("Ünit \"1\"", "x").toString()).isEqualTo("{\"Ünit \\\"1\\\"\":\"x\"}");
    }
}
