package io.rowrelay.common.http;

import io.rowrelay.common.settings.Secret;
import io.rowrelay.common.settings.ValueType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may see all pages: everybody, or those who know a token. They send it as a bearer token or, as browsers can, as the
 * password of any user.
 */
record Access(Optional<Secret> token) {
    static final String OPEN = "none";

    private static final Pattern TOKEN = Pattern.compile("[!-~]{16,1000}");

    /** What the setting takes. */
    static ValueType<String> type() {
        return ValueType.secret(
                "none, or 16 to 1000 characters of ASCII without spaces",
                text -> Optional.of(text)
                        .filter(given ->
                                given.equals(OPEN) || TOKEN.matcher(given).matches()));
    }

    /** Whether a request with that header {@code Authorization}, or the empty text for none, may see all. */
    boolean isGranted(String authorization) {
        return token.isEmpty()
                || given(authorization)
                        .filter(given -> matches(given, token.get().now()))
                        .isPresent();
    }

    /** Takes as long for each wrong token of a length. A file that holds no token any more lets nobody in. */
    private static boolean matches(String given, String wanted) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8))
                && TOKEN.matcher(wanted).matches();
    }

    private static Optional<String> given(String authorization) {
        int space = authorization.indexOf(' ');
        String credentials = authorization.substring(space + 1).strip();
        return switch (authorization.substring(0, Math.max(0, space)).toLowerCase(Locale.ROOT)) {
            case "bearer" -> Optional.of(credentials);
            case "basic" -> password(credentials);
            default -> Optional.empty();
        };
    }

    private static Optional<String> password(String credentials) {
        try {
            String userAndPassword = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return Optional.of(userAndPassword.substring(userAndPassword.indexOf(':') + 1));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
