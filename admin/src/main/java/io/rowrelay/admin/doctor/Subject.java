package io.rowrelay.admin.doctor;

import java.util.Locale;

/** The part that a check is about, in the order in which problems are reported. */
public enum Subject {
    SOURCE,
    CAPTURE,
    PRODUCER,
    CHANGE_TABLE,
    TOPIC,
    GROUP,
    DESTINATION,
    CLOCKS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
