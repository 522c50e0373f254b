package io.rowrelay.bench.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the figures, round by round, in the order in which they first come. For one thread. */
public final class Figures {
    /** What tells one figure from all others. */
    public record Name(String measurement, String name) {}

    private record Key(Name name, String unit) {}

    private final Map<Name, Goal> goals;
    private final Map<Key, List<Double>> rounds = new LinkedHashMap<>();
    private int equalities;

    public Figures(Map<Name, Goal> goals) {
        this.goals = Map.copyOf(goals);
    }

    /** The value of one round more. */
    public void add(String measurement, String name, String unit, double value) {
        rounds.computeIfAbsent(new Key(new Name(measurement, name), unit), key -> new ArrayList<>())
                .add(value);
    }

    /** Notes that source and destination were compared, and were equal. */
    public void addEquality() {
        equalities++;
    }

    /** How often source and destination were compared and equal; any other outcome ends the measurement. */
    public int equalities() {
        return equalities;
    }

    /**
     * One figure divided by another, round by round, where both have as many rounds, otherwise median by median. Does
     * nothing if one of them was not measured.
     */
    public void addRatio(String measurement, String name, Optional<Figure> dividend, Optional<Figure> divisor) {
        if (dividend.isEmpty() || divisor.isEmpty()) {
            return;
        }
        List<Double> above = dividend.get().rounds();
        List<Double> below = divisor.get().rounds();
        if (above.size() != below.size()) {
            add(
                    measurement,
                    name,
                    Unit.RATIO,
                    dividend.get().median() / divisor.get().median());
            return;
        }
        for (int i = 0; i < above.size(); i++) {
            add(measurement, name, Unit.RATIO, above.get(i) / below.get(i));
        }
    }

    public Optional<Figure> find(String measurement, String name) {
        return all().stream()
                .filter(figure -> figure.measurement().equals(measurement)
                        && figure.name().equals(name))
                .findFirst();
    }

    public List<Figure> all() {
        List<Figure> figures = new ArrayList<>();
        rounds.forEach((key, values) -> figures.add(
                new Figure(key.name.measurement(), key.name.name(), key.unit, values, goals.get(key.name))));
        return figures;
    }
}
