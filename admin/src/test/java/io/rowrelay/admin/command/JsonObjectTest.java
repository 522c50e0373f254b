package io.rowrelay.admin.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
    @Test
    void writes_members_in_their_order_and_escapes_what_json_does_not_take() {
        assertThat(new JsonObject()
                        .with("text", "a\"b\\c\nd\u0001 \u00e9\ud83d\ude00")
                        .with("number", -3)
                        .with("yes", true)
                        .withSeconds("seconds", 1.23456)
                        .withTexts("texts", List.of("x", "\t"))
                        .withObjects("objects", List.of(new JsonObject(), new JsonObject().with("inner", 1)))
                        .with("object", new JsonObject())
                        .toString())
                .isEqualTo(
                        "{\"text\":\"a\\\"b\\\\c\\u000ad\\u0001 \u00e9\ud83d\ude00\",\"number\":-3,\"yes\":true,"
                                + "\"seconds\":1.235,\"texts\":[\"x\",\"\\u0009\"],\"objects\":[{},{\"inner\":1}],\"object\":{}}");
    }
}
