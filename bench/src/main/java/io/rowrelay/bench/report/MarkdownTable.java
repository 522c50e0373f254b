package io.rowrelay.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Lays text out in columns: numbers, which the second column holds, to the right and everything else to the left. */
final class MarkdownTable {
    private static final int NUMBERS = 1;

    private MarkdownTable() {}

    static List<String> of(List<String> heading, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(heading);
        all.addAll(rows);
        int[] widths = new int[heading.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        all.forEach(row -> lines.add(line(row, widths)));
        lines.add(1, rule(widths));
        return lines;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(' ')
                    .append(i == NUMBERS ? padding + row.get(i) : row.get(i) + padding)
                    .append(" |");
        }
        return line.toString();
    }

    private static String rule(int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            line.append("-".repeat(widths[i] + 1)).append(i == NUMBERS ? ":|" : "-|");
        }
        return line.toString();
    }
}
