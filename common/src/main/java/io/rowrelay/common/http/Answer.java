package io.rowrelay.common.http;

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
        String body = "{\"status\":%s,\"reason\":%s%s}\n".formatted(json(state), json(reason), extra);
        return new Answer(good ? OK : UNAVAILABLE, "application/json", body);
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a JSON string; two small objects are not worth a library. */
    static String json(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(character -> {
            if (character == '"' || character == '\\') {
                quoted.append('\\').append((char) character);
            } else if (character < ' ' || Character.isSurrogate((char) character)) {
                quoted.append("\\u%04x".formatted(character));
            } else {
                quoted.append((char) character);
            }
        });
        return quoted.append('"').toString();
    }
}
