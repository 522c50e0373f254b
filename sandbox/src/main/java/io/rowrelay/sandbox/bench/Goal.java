package io.rowrelay.sandbox.bench;

/**
 * What a figure is hoped to be. The bench only shows it beside the figure: a slow machine is no mistake of the program.
 *
 * @param atLeast whether the figure should be this or more; otherwise this or less
 * @param limit the limit, in the figure's unit
 */
record Goal(boolean atLeast, double limit) {
    static Goal atLeast(double limit) {
        return new Goal(true, limit);
    }

    static Goal atMost(double limit) {
        return new Goal(false, limit);
    }

    boolean isMet(double value) {
        return atLeast ? value >= limit : value <= limit;
    }

    String text() {
        return (atLeast ? ">= " : "<= ") + Figure.number(limit);
    }
}
