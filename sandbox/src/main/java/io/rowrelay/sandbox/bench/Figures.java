package io.rowrelay.sandbox.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the figures, round by round, in the order in which they first come. For one thread. */
final class Figures {
    private record Key(String measurement, String name, String unit) {}

    private final Goals goals;
    private final Map<Key, List<Double>> rounds = new LinkedHashMap<>();
    private int equalities;

    Figures(Goals goals) {
        this.goals = goals;
    }

    /** The value of one round more. */
    void add(String measurement, String name, String unit, double value) {
        rounds.computeIfAbsent(new Key(measurement, name, unit), key -> new ArrayList<>())
                .add(value);
    }

    /** Notes that source and destination were compared, and were equal. */
    void addEquality() {
        equalities++;
    }

    /** How often source and destination were compared and equal; any other outcome ends the measurement. */
    int equalities() {
        return equalities;
    }

    /**
     * One figure divided by another, round by round, where both have as many rounds, otherwise median by median. Does
     * nothing if one of them was not measured.
     */
    void addRatio(String measurement, String name, Optional<Figure> dividend, Optional<Figure> divisor) {
        if (dividend.isEmpty() || divisor.isEmpty()) {
            return;
        }
        List<Double> above = dividend.get().rounds();
        List<Double> below = divisor.get().rounds();
        if (above.size() != below.size()) {
            add(
                    measurement,
                    name,
                    Goals.RATIO,
                    dividend.get().median() / divisor.get().median());
            return;
        }
        for (int i = 0; i < above.size(); i++) {
            add(measurement, name, Goals.RATIO, above.get(i) / below.get(i));
        }
    }

    Optional<Figure> find(String measurement, String name) {
        return all().stream()
                .filter(figure -> figure.measurement().equals(measurement)
                        && figure.name().equals(name))
                .findFirst();
    }

    List<Figure> all() {
        List<Figure> figures = new ArrayList<>();
        rounds.forEach((key, values) -> figures.add(
                new Figure(key.measurement, key.name, key.unit, values, goals.of(key.measurement, key.name))));
        return figures;
    }
}
