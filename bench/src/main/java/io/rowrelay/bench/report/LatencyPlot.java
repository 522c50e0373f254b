package io.rowrelay.bench.report;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.measure.Latency;
import io.rowrelay.bench.replication.LogicalReplication;
import io.rowrelay.bench.replication.RowrelayReplication;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From commit to visible, percentile by percentile: a colour for each rate, a full line for Rowrelay and a dashed one for
 * logical replication. The medians of the rounds, on a logarithmic scale.
 */
final class LatencyPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 520;
    private static final int LEFT = 80;
    private static final int RIGHT = 600;
    private static final int TOP = 60;
    private static final int BOTTOM = 460;
    private static final int LEGEND = 630;
    private static final int LINE_HEIGHT = 20;
    private static final String GRID = "#ddd";
    private static final List<String> COLOURS =
            List.of("#1b6ca8", "#2a9d5c", "#d98e04", "#c0392b", "#7d3c98", "#555555");

    /** The scale: from a hundredth of a millisecond, below which nothing can be measured, to ten seconds. */
    private static final double LEAST_EXPONENT = -2;

    private static final double MOST_EXPONENT = 4;

    private final Svg svg = new Svg(WIDTH, HEIGHT);
    private final Figures figures;
    private int lines;

    private LatencyPlot(Figures figures) {
        this.figures = figures;
    }

    static String of(Figures figures, List<Integer> rates) {
        LatencyPlot plot = new LatencyPlot(figures);
        plot.frame();
        List<String> kinds = new ArrayList<>(List.of(Latency.SINGLE));
        rates.forEach(rate -> kinds.add(Latency.rate(rate)));
        for (int i = 0; i < kinds.size(); i++) {
            String colour = COLOURS.get(i % COLOURS.size());
            plot.curve(RowrelayReplication.NAME, kinds.get(i), colour, false);
            plot.curve(LogicalReplication.NAME, kinds.get(i), colour, true);
        }
        return plot.svg.document();
    }

    private void frame() {
        svg.text(
                LEFT,
                TOP - 30,
                Svg.Anchor.START,
                "From commit to visible in the destination, ms (medians of the rounds)");
        for (int exponent = (int) LEAST_EXPONENT; exponent <= MOST_EXPONENT; exponent++) {
            double y = y(Math.pow(10, exponent));
            svg.line(LEFT, y, RIGHT, y, GRID);
            svg.text(
                    LEFT - 8,
                    y + 4,
                    Svg.Anchor.END,
                    exponent < 0 ? Figure.number(Math.pow(10, exponent)) : "1" + "0".repeat(exponent));
        }
        for (int i = 0; i < Latency.PERCENTILES.size(); i++) {
            svg.line(x(i), TOP, x(i), BOTTOM, GRID);
            svg.text(x(i), BOTTOM + 20, Svg.Anchor.MIDDLE, Latency.percentile(Latency.PERCENTILES.get(i)));
        }
    }

    private void curve(String replication, String what, String colour, boolean dashed) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < Latency.PERCENTILES.size(); i++) {
            Optional<Figure> figure =
                    figures.find(Latency.NAME, Latency.figure(replication, what, Latency.PERCENTILES.get(i)));
            if (figure.isPresent()) {
                points.add(new double[] {x(i), y(figure.get().median())});
            }
        }
        if (!points.isEmpty()) {
            double y = TOP + lines * LINE_HEIGHT;
            lines++;
            svg.path(points, colour, dashed);
            svg.path(List.of(new double[] {LEGEND, y}, new double[] {LEGEND + 30, y}), colour, dashed);
            svg.text(LEGEND + 38, y + 4, Svg.Anchor.START, replication + ", " + what);
        }
    }

    private static double x(int percentile) {
        return LEFT + (RIGHT - LEFT) * (percentile + 0.5) / Latency.PERCENTILES.size();
    }

    private static double y(double millis) {
        double exponent = Math.min(Math.max(Math.log10(millis), LEAST_EXPONENT), MOST_EXPONENT);
        return BOTTOM - (BOTTOM - TOP) * (exponent - LEAST_EXPONENT) / (MOST_EXPONENT - LEAST_EXPONENT);
    }
}
