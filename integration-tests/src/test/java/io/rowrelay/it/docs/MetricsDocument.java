package io.rowrelay.it.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code docs/reference/metrics.md} says. */
final class MetricsDocument {
    private static final Pattern LINE = Pattern.compile(
            "^\\| `(rowrelay_[a-z_]+)` \\| ([a-z]+) \\| ([a-z]+) \\| ([a-z0-9 ]+) \\| ([a-z_`, ]*)\\| (.+) \\|$",
            Pattern.MULTILINE);

    private MetricsDocument() {}

    /**
     * A line of the table.
     *
     * @param daemons which daemons have it
     * @param type as Prometheus calls it
     * @param unit in words
     * @param labels without those that all have
     * @param meaning what it says, with the help text of each daemon in it
     */
    record Line(Set<String> daemons, String type, String unit, Set<String> labels, String meaning) {}

    /** All lines. */
    static Map<String, Line> lines() {
        return in(read("docs/reference/metrics.md"));
    }

    /** Those of a section; the text before the first has the empty name. */
    static Map<String, Line> linesOf(String section) {
        return Arrays.stream(("## \n" + read("docs/reference/metrics.md")).split("(?m)^## ", -1))
                .filter(text -> text.startsWith(section + "\n"))
                .map(MetricsDocument::in)
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Line> in(String text) {
        return LINE.matcher(text).results().collect(Collectors.toMap(found -> found.group(1), MetricsDocument::line));
    }

    private static Line line(MatchResult found) {
        Set<String> daemons = found.group(2).equals("both") ? Set.of("producer", "consumer") : Set.of(found.group(2));
        Set<String> labels = Arrays.stream(found.group(5).replace("`", "").split(",", -1))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        return new Line(daemons, found.group(3), found.group(4), labels, found.group(6));
    }

    /** Names of ours in a text, each series of a histogram under the histogram's own name. */
    static Set<String> namesIn(String text) {
        return names(
                text, Pattern.compile("\\b(rowrelay_[a-z_]+?)(?:_bucket|_sum|_count)?\\b"), found -> found.group(1));
    }

    private static Set<String> names(String text, Pattern pattern, Function<MatchResult, String> name) {
        return pattern.matcher(text).results().map(name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A file of the project. The tests run in their module's directory, or in the project's. */
    static String read(String file) {
        try {
            return Files.readString(root().resolve(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return List.of(here, here.resolve("..")).stream()
                .filter(directory -> Files.isDirectory(directory.resolve("docs")))
                .findFirst()
                .orElseThrow();
    }
}
