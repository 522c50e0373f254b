package io.rowrelay.admin.doctor;

import java.util.Locale;

/** What a check is about, in the order in which findings are told. */
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
