package io.rowrelay.common.http;

import io.rowrelay.common.runtime.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * The page for humans: one file with everything in it, which asks {@code /status.json} once a second. The browser may
 * run only that script and ask only this daemon and its peer.
 */
final class StatusPage {
    private static final String FILE = "status.html";
    /** Stands in the file for the first word of a command. */
    private static final String PROGRAM = "{{rowrelay}}";

    private final String html;
    private final String policy;

    private StatusPage(String html, String policy) {
        this.html = html;
        this.policy = policy;
    }

    static StatusPage load(HttpSettings settings) {
        try (InputStream resource = Objects.requireNonNull(StatusPage.class.getResourceAsStream(FILE), FILE)) {
            String html = new String(resource.readAllBytes(), StandardCharsets.UTF_8).replace(PROGRAM, Programs.NAME);
            String policy = "default-src 'none'; script-src " + hash(html, "script") + "; style-src "
                    + hash(html, "style") + "; img-src data:; connect-src 'self'"
                    + settings.peerOrigin().map(origin -> " " + origin).orElse("")
                    + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            return new StatusPage(html, policy);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Answer answer() {
        return new Answer(Answer.OK, "text/html; charset=utf-8", html)
                .with("Content-Security-Policy", policy)
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer");
    }

    private static String hash(String html, String element) {
        int begin = html.indexOf("<" + element + ">") + element.length() + 2;
        String text = html.substring(begin, html.indexOf("</" + element + ">", begin));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
