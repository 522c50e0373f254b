package io.rowrelay.common.runtime;

import java.util.Locale;
import java.util.TimeZone;

/**
 * Locale and time zone of the JVM, made the same on every machine. Numbers in SQL, JSON and settings must have the
 * digits 0 to 9, which not every locale writes; and the PostgreSQL driver opens each session in the JVM's time zone, which the
 * server may not know.
 */
public final class Surroundings {
    private Surroundings() {}

    /**
     * To be called by each class with a {@code main} before anything else, its own constants among it. For the whole process.
     */
    public static void pin() {
        Locale.setDefault(Locale.ROOT);
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }
}
