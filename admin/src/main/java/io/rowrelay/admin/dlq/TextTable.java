package io.rowrelay.admin.dlq;

import java.util.ArrayList;
import java.util.List;

/** Texts in columns, each as wide as its widest text up to a limit; the last has none. */
final class TextTable {
    private static final int WIDEST = 48;

    private final List<List<String>> lines = new ArrayList<>();

    void line(String... cells) {
        lines.add(List.of(cells));
    }

    List<String> print() {
        List<String> printed = new ArrayList<>();
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                boolean last = column == line.size() - 1;
                String cell = last ? line.get(column) : Texts.shortened(line.get(column), WIDEST);
                text.append(cell);
                if (!last) {
                    text.append(" ".repeat(Math.max(0, width(column) - cell.length()) + 2));
                }
            }
            printed.add(text.toString().stripTrailing());
        }
        return printed;
    }

    private int width(int column) {
        return lines.stream()
                .filter(line -> line.size() > column)
                .mapToInt(line -> Math.min(WIDEST, line.get(column).length()))
                .max()
                .orElse(0);
    }
}
