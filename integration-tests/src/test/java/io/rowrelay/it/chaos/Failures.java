package io.rowrelay.it.chaos;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Failures as text. */
final class Failures {
    private Failures() {}

    static String text(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
