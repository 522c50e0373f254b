package io.rowrelay.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A drawing of lines, bars and text, as SVG. By hand: the plotting libraries draw through AWT, which needs fonts that a
 * server may lack, and bring PDF writers along for two plots.
 */
final class Svg {
    /** Where a text stands relative to its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private final int width;
    private final int height;
    private final List<String> elements = new ArrayList<>();

    Svg(int width, int height) {
        this.width = width;
        this.height = height;
    }

    void text(double x, double y, Anchor anchor, String text) {
        elements.add("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
                .formatted(decimal(x), decimal(y), anchor.name().toLowerCase(Locale.ROOT), escape(text)));
    }

    void line(double x1, double y1, double x2, double y2, String colour) {
        elements.add("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>"
                .formatted(decimal(x1), decimal(y1), decimal(x2), decimal(y2), colour));
    }

    /** A line through points, each an x and a y. */
    void path(List<double[]> points, String colour, boolean dashed) {
        String places = points.stream()
                .map(point -> decimal(point[0]) + "," + decimal(point[1]))
                .collect(Collectors.joining(" "));
        elements.add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>"
                .formatted(places, colour, dashed ? " stroke-dasharray=\"6 4\"" : ""));
    }

    void bar(double x, double y, double barWidth, double barHeight, String colour) {
        elements.add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
                .formatted(decimal(x), decimal(y), decimal(barWidth), decimal(barHeight), colour));
    }

    /** The whole file. */
    String document() {
        List<String> lines = new ArrayList<>();
        lines.add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        .formatted(width, height, width, height)
                + " font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">");
        lines.add("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        lines.addAll(elements);
        lines.add("</svg>");
        return String.join("\n", lines) + "\n";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
