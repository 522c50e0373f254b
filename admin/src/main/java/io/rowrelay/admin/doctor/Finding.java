package io.rowrelay.admin.doctor;

import java.util.List;

/** What a check came to. */
public sealed interface Finding {

    /** What it is about, in one line. */
    String text();

    /** All is well; the text says what was seen. */
    record Sound(String text) implements Finding {}

    /**
     * Something is wrong.
     *
     * @param ailment what
     * @param text which thing has it, and how
     * @param remedies what mends it, in order
     */
    record Ill(Ailment ailment, String text, List<Remedy> remedies) implements Finding {
        public Ill {
            remedies = List.copyOf(remedies);
        }
    }

    /** The check could not be made; the text says why. */
    record Skipped(String text) implements Finding {}

    /** The check failed in a way that no ailment stands for, so nobody knows; the text says how. */
    record Unclear(String text) implements Finding {}

    static Finding sound(String text) {
        return new Sound(text);
    }

    static Finding ill(Ailment ailment, String text, Remedy... remedies) {
        return new Ill(ailment, text, List.of(remedies));
    }
}
