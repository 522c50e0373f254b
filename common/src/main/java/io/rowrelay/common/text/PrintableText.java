package io.rowrelay.common.text;

import java.util.stream.Collectors;

/**
 * Text of others as a terminal may show it: without the characters that would steer the terminal, reverse what it shows, or begin
 * a line of their own. All that the programs print or log goes through here.
 */
public final class PrintableText {
    private PrintableText() {}

    /** The text on one line: control and format characters as a backslash, u and four hexadecimal digits; a tab stays. */
    public static String line(String text) {
        if (text.chars().noneMatch(PrintableText::steers)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length() + 16);
        for (int position = 0; position < text.length(); position++) {
            char character = text.charAt(position);
            if (steers(character)) {
                line.append("\\u%04x".formatted((int) character));
            } else {
                line.append(character);
            }
        }
        return line.toString();
    }

    /** The same for a text of many lines, which stay. */
    public static String lines(String text) {
        return text.lines().map(PrintableText::line).collect(Collectors.joining(System.lineSeparator()));
    }

    /** Whether a terminal could act on the character, or hide it. */
    public static boolean steers(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL -> character != '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
