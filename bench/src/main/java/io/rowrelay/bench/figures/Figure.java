package io.rowrelay.bench.figures;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One figure of the results, with what each round gave.
 *
 * @param measurement the measurement that it belongs to
 * @param name what was measured
 * @param unit its unit
 * @param rounds the value of each round, at least one
 * @param goal what it is hoped to be, if anything
 */
public record Figure(
        String measurement,
        String name,
        String unit,
        List<Double> rounds,
        @Nullable Goal goal) {
    private static final double LARGE = 100;
    private static final double MIDDLE = 10;

    public Figure {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("No value for " + name);
        }
        rounds = List.copyOf(rounds);
    }

    /** The middle value; of an even number of rounds the mean of the two in the middle. */
    public double median() {
        List<Double> sorted = rounds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double least() {
        return rounds.stream().mapToDouble(value -> value).min().orElseThrow();
    }

    public double most() {
        return rounds.stream().mapToDouble(value -> value).max().orElseThrow();
    }

    public static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A number with as many decimals as its size deserves. */
    public static String number(double value) {
        double size = Math.abs(value);
        String format = size >= LARGE ? "%,.0f" : size >= MIDDLE ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
