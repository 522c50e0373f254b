package io.rowrelay.stream.json;

/** Decimal digits of ASCII. */
final class Digits {
    private Digits() {}

    /** Whether nothing else is in the text from a position on. */
    static boolean only(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
