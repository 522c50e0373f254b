package io.rowrelay.common.settings;

import java.util.Objects;

/**
 * A default that holds only while another setting has one value.
 *
 * @param other the other setting
 * @param value its value
 * @param text the default then
 */
public record SpecialDefault(Setting<String> other, String value, String text) {

    public SpecialDefault {
        Objects.requireNonNull(other);
        Objects.requireNonNull(value);
        Objects.requireNonNull(text);
    }
}
