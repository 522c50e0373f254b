package io.rowrelay.common.http;

import io.rowrelay.common.json.JsonText;
import java.nio.charset.StandardCharsets;

/** What is sent back for a request. */
record Answer(int status, String contentType, String body) {

    static final int OK = 200;
    static final int UNAVAILABLE = 503;

    static Answer text(int status, String body) {
        return new Answer(status, "text/plain; charset=utf-8", body + "\n");
    }

    /** A JSON object with the state and the reason; {@code extra} is a further member, already JSON, or empty. */
    static Answer state(boolean good, String state, String reason, String extra) {
        String body =
                "{\"status\":%s,\"reason\":%s%s}\n".formatted(JsonText.quote(state), JsonText.quote(reason), extra);
        return new Answer(good ? OK : UNAVAILABLE, "application/json", body);
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
