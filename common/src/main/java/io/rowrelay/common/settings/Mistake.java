package io.rowrelay.common.settings;

import io.rowrelay.common.text.PrintableText;
import java.util.Objects;

/**
 * One thing wrong with the configuration, ready to be shown.
 *
 * @param origin where it was found: environment, a file, the command line, or the value of another setting
 * @param name the setting's name
 * @param value the offending value as it may be shown; empty where there is none
 * @param problem what is wrong with it, or what is allowed instead
 * @param remedy what to do
 */
public record Mistake(String origin, String name, String value, String problem, String remedy) {

    private static final int SHOWN_CHARACTERS = 200;

    public Mistake {
        origin = printable(Credentials.masked(origin));
        name = printable(name);
        value = printable(Credentials.masked(value));
        Objects.requireNonNull(problem);
        Objects.requireNonNull(remedy);
    }

    /** Two lines for a person: what and where, then why and what to do. */
    public String text() {
        String what = value.isEmpty() ? name : name + "=" + value;
        return "%s (%s)\n      %s; %s".formatted(what, origin, problem, remedy);
    }

    /** Keeps what a stranger wrote on one line of a terminal, and short. */
    static String printable(String text) {
        int characters = text.codePointCount(0, text.length());
        return characters <= SHOWN_CHARACTERS
                ? PrintableText.line(text)
                : PrintableText.line(text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS))) + "...";
    }
}
