package io.rowrelay.bench.report;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.replication.LogicalReplication;
import java.util.List;

/** Changes per second of every load, a bar each: the median, with a line from the least round to the most. */
final class ThroughputPlot {
    private static final int WIDTH = 900;
    private static final int LEFT = 330;
    private static final int RIGHT = 800;
    private static final int TOP = 50;
    private static final int ROW_HEIGHT = 26;
    private static final int BAR_HEIGHT = 16;
    private static final String ROWRELAY = "#1b6ca8";
    private static final String LOGICAL = "#d98e04";
    private static final String LINE = "#222222";

    private ThroughputPlot() {}

    static String of(Figures figures) {
        List<Figure> rates = figures.all().stream()
                .filter(figure -> figure.unit().equals(Unit.RATE))
                .toList();
        double most = rates.stream().mapToDouble(Figure::most).max().orElse(1);
        Svg svg = new Svg(WIDTH, TOP + ROW_HEIGHT * (rates.size() + 1));
        svg.text(
                20,
                TOP - 20,
                Svg.Anchor.START,
                "Changes per second until equal (medians; lines from the least round to the most)");
        for (int i = 0; i < rates.size(); i++) {
            bar(svg, rates.get(i), TOP + i * ROW_HEIGHT, (RIGHT - LEFT) / most);
        }
        return svg.document();
    }

    private static void bar(Svg svg, Figure figure, double y, double scale) {
        double middle = y + BAR_HEIGHT / 2.0;
        boolean logical = figure.name().startsWith(LogicalReplication.NAME);
        svg.text(LEFT - 10, middle + 4, Svg.Anchor.END, figure.measurement() + ": " + figure.name());
        svg.bar(LEFT, y, figure.median() * scale, BAR_HEIGHT, logical ? LOGICAL : ROWRELAY);
        svg.line(LEFT + figure.least() * scale, middle, LEFT + figure.most() * scale, middle, LINE);
        svg.text(LEFT + figure.most() * scale + 8, middle + 4, Svg.Anchor.START, Figure.number(figure.median()));
    }
}
