package io.rowrelay.common.http;

import io.rowrelay.common.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The answer to a request.
 *
 * @param status of HTTP
 * @param contentType of the body
 * @param body the text
 * @param headers further ones
 */
record Answer(int status, String contentType, String body, Map<String, String> headers) {

    static final int OK = 200;
    static final int UNAVAILABLE = 503;

    Answer {
        headers = Map.copyOf(headers);
    }

    Answer(int status, String contentType, String body) {
        this(status, contentType, body, Map.of());
    }

    /** The same with a header more. */
    Answer with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, body, more);
    }

    static Answer text(int status, String body) {
        return new Answer(status, "text/plain; charset=utf-8", body + "\n");
    }

    /** A JSON object with the state and the reason; {@code extra} is a further member, already JSON, or empty. */
    static Answer state(boolean good, String state, String reason, String extra) {
        String body =
                "{\"status\":%s,\"reason\":%s%s}\n".formatted(JsonText.quote(state), JsonText.quote(reason), extra);
        return new Answer(good ? OK : UNAVAILABLE, "application/json", body);
    }

    /** The line of status, with the words of the standard. */
    String statusLine() {
        return "HTTP/1.1 " + status + " "
                + switch (status) {
                    case OK -> "OK";
                    case 400 -> "Bad Request";
                    case 401 -> "Unauthorized";
                    case 404 -> "Not Found";
                    case 405 -> "Method Not Allowed";
                    case UNAVAILABLE -> "Service Unavailable";
                    default -> "Internal Server Error";
                };
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
