package io.rowrelay.sandbox.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results as a table for people: Markdown that is also readable as it is. */
final class Report {
    private Report() {}

    static String of(Results results) {
        List<String> lines = new ArrayList<>();
        lines.add("# Rowrelay bench");
        lines.add("");
        lines.add(
                "Medians of %d rounds, in brackets the least and the most of them. Source and destination were compared %d times and equal."
                        .formatted(results.rounds(), results.equalities()));
        lines.add("");
        results.facts().forEach((name, value) -> lines.add("* " + name + ": " + value));
        results.failures().forEach(failure -> lines.add("* NOT MEASURED: " + failure));
        Map<String, List<Figure>> measurements = new LinkedHashMap<>();
        results.figures()
                .forEach(figure -> measurements
                        .computeIfAbsent(figure.measurement(), name -> new ArrayList<>())
                        .add(figure));
        measurements.forEach((name, figures) -> {
            lines.add("");
            lines.add("## " + name);
            lines.add("");
            lines.addAll(Table.of(List.of("figure", "median", "unit", "rounds", "goal"), rows(figures)));
        });
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    private static List<List<String>> rows(List<Figure> figures) {
        return figures.stream()
                .map(figure -> List.of(
                        figure.name(),
                        Figure.number(figure.median()),
                        figure.unit(),
                        "(%s - %s)".formatted(Figure.number(figure.least()), Figure.number(figure.most())),
                        figure.goal() == null ? "" : figure.goal().text()))
                .toList();
    }
}
