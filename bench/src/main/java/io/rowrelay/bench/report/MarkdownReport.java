package io.rowrelay.bench.report;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Goal;
import io.rowrelay.bench.figures.Results;
import io.rowrelay.bench.measure.Latency;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results as tables for people: Markdown that is also readable as it is. */
public final class MarkdownReport {
    private final List<String> lines = new ArrayList<>();

    private MarkdownReport() {}

    public static String of(Results results) {
        MarkdownReport report = new MarkdownReport();
        report.head(results);
        report.goals(results.figures());
        Map<String, List<Figure>> measurements = new LinkedHashMap<>();
        for (Figure figure : results.figures()) {
            measurements
                    .computeIfAbsent(figure.measurement(), name -> new ArrayList<>())
                    .add(figure);
        }
        measurements.forEach(report::measurement);
        return String.join(System.lineSeparator(), report.lines) + System.lineSeparator();
    }

    private void head(Results results) {
        lines.add("# Rowrelay bench");
        lines.add("");
        lines.add("Medians of the rounds (%d), in brackets the least and the most of them. ".formatted(results.rounds())
                + "Source and destination were compared and found equal %d times.".formatted(results.equalities()));
        lines.add("");
        results.facts().forEach((name, value) -> lines.add("* " + name + ": " + value));
        results.failures().forEach(failure -> lines.add("* NOT MEASURED: " + failure));
    }

    private void goals(List<Figure> figures) {
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : figures) {
            Goal goal = figure.goal();
            if (goal != null) {
                rows.add(List.of(
                        figure.measurement() + ": " + figure.name(),
                        Figure.number(figure.median()),
                        figure.unit(),
                        goal.text(),
                        goal.isMet(figure.median()) ? "yes" : "no"));
            }
        }
        table("Goals", List.of("figure", "median", "unit", "goal", "met"), rows);
    }

    private void measurement(String name, List<Figure> figures) {
        if (name.equals(Latency.NAME)) {
            latency(figures);
            return;
        }
        List<List<String>> rows = figures.stream()
                .map(figure -> List.of(
                        figure.name(),
                        Figure.number(figure.median()),
                        figure.unit(),
                        "(%s - %s)".formatted(Figure.number(figure.least()), Figure.number(figure.most())),
                        goal(figure)))
                .toList();
        table(name, List.of("figure", "median", "unit", "rounds", "goal"), rows);
    }

    /** A column for each percentile: the names of these figures end with it. */
    private void latency(List<Figure> figures) {
        Map<String, Map<String, String>> cells = new LinkedHashMap<>();
        for (Figure figure : figures) {
            int end = figure.name().lastIndexOf(", ");
            String goal = goal(figure);
            cells.computeIfAbsent(figure.name().substring(0, end), name -> new LinkedHashMap<>())
                    .put(
                            figure.name().substring(end + 2),
                            Figure.number(figure.median()) + (goal.isEmpty() ? "" : " (" + goal + ")"));
        }
        List<String> columns = new ArrayList<>(
                Latency.PERCENTILES.stream().map(Latency::percentile).toList());
        columns.add(Latency.REACHED);
        List<List<String>> rows = new ArrayList<>();
        cells.forEach((name, values) -> {
            List<String> row = new ArrayList<>(List.of(name));
            columns.forEach(column -> row.add(values.getOrDefault(column, "")));
            rows.add(row);
        });
        columns.add(0, "from commit to visible, ms");
        table(Latency.NAME, columns, rows);
    }

    private static String goal(Figure figure) {
        Goal goal = figure.goal();
        return goal == null ? "" : goal.text();
    }

    private void table(String name, List<String> heading, List<List<String>> rows) {
        lines.add("");
        lines.add("## " + name);
        lines.add("");
        lines.addAll(MarkdownTable.of(heading, rows));
    }
}
