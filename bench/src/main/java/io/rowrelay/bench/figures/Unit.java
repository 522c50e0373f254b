package io.rowrelay.bench.figures;

/** The units of the figures. */
public final class Unit {
    public static final String RATE = "changes/s";
    public static final String RATIO = "times";
    public static final String SECONDS = "s";
    public static final String MILLISECONDS = "ms";
    public static final String CPU = "CPU s per 100,000";
    public static final String MEGABYTES = "MB";
    public static final String PERCENT_OF_A_CORE = "% of a core";
    public static final String TRANSACTIONS = "tx/s";

    private Unit() {}
}
