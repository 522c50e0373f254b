package io.rowrelay.it.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the daemons logged as errors, which no fault of the campaign is reason for but the loss of records by brokers. */
final class DaemonLogs {
    private static final Pattern ERROR = Pattern.compile("^\\S+ ERROR \\[[^]]*] (.*)$");

    /** What either daemon says of it, digits as they are told apart here. */
    private static final Pattern OF_A_LOSS =
            Pattern.compile("TopicLoss: the topic lost records|BeginningReport: partition=\\S+ lost its tail");

    private DaemonLogs() {}

    static List<Finding> findings(Path logs, Losses losses) {
        List<Finding> findings = new ArrayList<>();
        Map<String, List<Path>> errors = errors(logs);
        if (!losses.isEmpty()) {
            errors.keySet().removeIf(error -> OF_A_LOSS.matcher(error).lookingAt());
        }
        errors.forEach((error, places) -> findings.add(new Finding(
                "no ERROR in the logs",
                0,
                "%d times, first in %s: %s".formatted(places.size(), places.get(0), error))));
        return findings;
    }

    private static Map<String, List<Path>> errors(Path logs) {
        Map<String, List<Path>> errors = new TreeMap<>();
        try (Stream<Path> files = Files.walk(logs)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher error = ERROR.matcher(line);
                    if (error.matches()) {
                        errors.computeIfAbsent(error.group(1).replaceAll("\\d+", "#"), any -> new ArrayList<>())
                                .add(file);
                    }
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return errors;
    }
}
