package io.rowrelay.common.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody may have meant. */
public final class Spelling {

    private Spelling() {}

    /** The name nearest to what was written, if it is near enough to be offered. */
    public static Optional<String> suggestion(String written, Collection<String> names) {
        return nearest(written, names, Math.max(2, plain(written).length() / 3));
    }

    /** The name that was almost certainly meant: the same letters, or one slip in them (two in a long name). */
    static Optional<String> slip(String written, Collection<String> names) {
        int length = plain(written).length();
        int slips = length < 5 ? 0 : length < 12 ? 1 : 2;
        return nearest(written, names, slips);
    }

    private static Optional<String> nearest(String written, Collection<String> names, int limit) {
        String plain = plain(written);
        return names.stream()
                .filter(name -> Math.abs(plain(name).length() - plain.length()) <= limit)
                .filter(name -> distance(plain, plain(name)) <= limit)
                .min(Comparator.<String>comparingInt(name -> distance(plain, plain(name)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Case and separators are what people mix up first: SOURCE_DB_URL, source.db.url. */
    private static String plain(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    }

    /** Letters inserted, deleted, replaced or swapped with their neighbour. */
    static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int row = 0; row <= left.length(); row++) {
            for (int column = 0; column <= right.length(); column++) {
                cost[row][column] = cost(cost, left, right, row, column);
            }
        }
        return cost[left.length()][right.length()];
    }

    private static int cost(int[][] cost, String left, String right, int row, int column) {
        if (row == 0 || column == 0) {
            return row + column;
        }
        char a = left.charAt(row - 1);
        char b = right.charAt(column - 1);
        int best = Math.min(
                cost[row - 1][column - 1] + (a == b ? 0 : 1),
                Math.min(cost[row - 1][column], cost[row][column - 1]) + 1);
        boolean swapped = row > 1 && column > 1 && a == right.charAt(column - 2) && left.charAt(row - 2) == b;
        return swapped ? Math.min(best, cost[row - 2][column - 2] + 1) : best;
    }
}
