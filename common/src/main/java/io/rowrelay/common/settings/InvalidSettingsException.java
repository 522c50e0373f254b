package io.rowrelay.common.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is wrong: carries every mistake found, not just the first. */
public final class InvalidSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    public InvalidSettingsException(List<Mistake> mistakes) {
        super(summary(mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    public InvalidSettingsException(Mistake mistake) {
        this(List.of(mistake));
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }

    private static String summary(List<Mistake> mistakes) {
        String count = mistakes.size() == 1 ? "1 mistake" : mistakes.size() + " mistakes";
        return mistakes.stream()
                .map(mistake -> "\n  - ".formatted() + mistake.text())
                .collect(Collectors.joining("", count + " in the configuration:", ""));
    }
}
