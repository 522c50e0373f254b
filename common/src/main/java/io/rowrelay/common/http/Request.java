package io.rowrelay.common.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a request; what follows it is not read.
 *
 * @param method of HTTP
 * @param path without the query
 * @param headers by their names in lower case
 */
record Request(String method, String path, Map<String, String> headers) {
    /** Browsers send the cookies of every other server on the same host. */
    private static final int LONGEST_HEAD_BYTES = 32 * 1024;

    Request {
        headers = Map.copyOf(headers);
    }

    /** Reads the head; empty where it is none or too long. A client that goes before its end is an exception. */
    static Optional<Request> read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int lineBytes = 0;
        while (head.size() < LONGEST_HEAD_BYTES) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("gone before the end of its request");
            }
            if (next == '\n' && lineBytes == 0) {
                return parse(head.toString(StandardCharsets.ISO_8859_1).lines().toList());
            }
            head.write(next);
            lineBytes = next == '\n' ? 0 : next == '\r' ? lineBytes : lineBytes + 1;
        }
        return Optional.empty();
    }

    private static Optional<Request> parse(List<String> lines) {
        String[] words = lines.isEmpty() ? new String[0] : lines.get(0).split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            return Optional.empty();
        }
        Map<String, String> headers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        String path = words[1].replaceFirst("^https?://[^/?]*", "").replaceFirst("[?#].*", "");
        return Optional.of(new Request(words[0], path, headers));
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** Whether it only asks for a page. */
    boolean isToRead() {
        return isHead() || method.equals("GET");
    }

    /** A header, or the empty text. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
