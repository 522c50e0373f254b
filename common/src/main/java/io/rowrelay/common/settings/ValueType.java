package io.rowrelay.common.settings;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What values a setting takes: how text becomes a value, what is allowed in words, and whether the text may be shown.
 *
 * @param allowed what is allowed, as the end of the sentence "allowed: ..."
 * @param parser gives the value, or empty where the text is not allowed; never throws
 * @param secret whether no part of the text may be shown; such a setting can also be read from a file
 */
public record ValueType<T>(String allowed, Function<String, Optional<T>> parser, boolean secret) {

    /** What stands in for a secret wherever a value is shown. */
    public static final String MASK = "***";

    public ValueType {
        Objects.requireNonNull(allowed);
        Objects.requireNonNull(parser);
    }

    /** A type whose text may be shown as it is. */
    public static <T> ValueType<T> open(String allowed, Function<String, Optional<T>> parser) {
        return new ValueType<>(allowed, parser, false);
    }

    /** A type whose text is never shown. */
    public static <T> ValueType<T> secret(String allowed, Function<String, Optional<T>> parser) {
        return new ValueType<>(allowed, parser, true);
    }

    /** The value, or empty where the text is not allowed. */
    public Optional<T> parse(String text) {
        // White space around a value comes from editors and shells; only in a secret may it be meant.
        return parser.apply(secret ? text : text.strip());
    }

    /** As much of the text as may be shown. */
    public String shown(String text) {
        return secret && !text.isEmpty() ? MASK : text;
    }
}
