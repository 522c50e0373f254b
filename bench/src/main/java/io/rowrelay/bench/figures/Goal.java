package io.rowrelay.bench.figures;

/**
 * What a figure is hoped to be. The bench only shows it beside the figure: a slow machine is no mistake of the program.
 *
 * @param atLeast whether the figure should be this or more; otherwise this or less
 * @param limit the limit, in the figure's unit
 */
public record Goal(boolean atLeast, double limit) {
    public static Goal atLeast(double limit) {
        return new Goal(true, limit);
    }

    public static Goal atMost(double limit) {
        return new Goal(false, limit);
    }

    public boolean isMet(double value) {
        return atLeast ? value >= limit : value <= limit;
    }

    public String text() {
        return (atLeast ? ">= " : "<= ") + Figure.number(limit);
    }
}
