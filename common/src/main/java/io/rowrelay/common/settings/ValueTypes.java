package io.rowrelay.common.settings;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The kinds of value that settings share. All parsing is strict: a value that is not clearly meant is a mistake. */
public final class ValueTypes {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?|\\[[0-9A-Fa-f:.%]+]):([0-9]{1,5})");
    private static final int LARGEST_PORT = 65535;

    private ValueTypes() {}

    /** Any text of up to 1,000 characters that is not blank. */
    public static ValueType<String> text() {
        return ValueType.open("text of 1 to 1000 characters", text -> accept(text, ValueTypes::isLine));
    }

    /** A secret that is not empty. */
    public static ValueType<String> secretText() {
        return ValueType.secret("text that is not empty", text -> accept(text, secret -> !secret.isEmpty()));
    }

    /** A whole number from {@code min} to {@code max}. */
    public static ValueType<Integer> wholeNumber(int min, int max) {
        return ValueType.open("a whole number from " + min + " to " + max, text -> wholeNumber(text, min, max));
    }

    /** A TCP port; 0 is any free one. */
    public static ValueType<Integer> port() {
        return ValueType.open("a port from 0 to 65535; 0 is any free one", text -> wholeNumber(text, 0, LARGEST_PORT));
    }

    /** A length of time from {@code min} to {@code max}, in milliseconds at the finest. */
    public static ValueType<Duration> duration(Duration min, Duration max) {
        String allowed = "a time from %s to %s, such as 20ms, 5s, 15m, 24h or 30d"
                .formatted(Durations.format(min), Durations.format(max));
        return ValueType.open(
                allowed,
                text -> Durations.parse(text)
                        .filter(duration -> duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0));
    }

    /** One of the words, in any case; the value is the word as listed here. */
    public static ValueType<String> oneOf(String... words) {
        return ValueType.open(
                "one of " + String.join(", ", words),
                text -> Arrays.stream(words).filter(text::equalsIgnoreCase).findFirst());
    }

    /** One of the constants of an enum, written in any case. */
    public static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        String allowed = "one of "
                + String.join(
                        ", ",
                        constants.stream()
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .toList());
        return ValueType.open(
                allowed,
                text -> constants.stream()
                        .filter(constant -> constant.name().equalsIgnoreCase(text))
                        .findFirst());
    }

    /** The path of a file that can be read now. */
    public static ValueType<Path> readableFile() {
        return ValueType.open("the path of a file that can be read", ValueTypes::readableFile);
    }

    /** A name that Kafka takes for a topic. */
    public static ValueType<String> topic() {
        return ValueType.open(
                "a topic name: 1 to 249 of a-z A-Z 0-9 . _ -, but not . or .. alone",
                text -> accept(text, ValueTypes::isTopic));
    }

    /** A comma-separated list of {@code host:port}. */
    public static ValueType<String> hostsAndPorts() {
        return ValueType.open(
                "host:port, or several with commas, such as kafka-1:9092,kafka-2:9092",
                text -> accept(text, ValueTypes::areHostsAndPorts));
    }

    /** Reads a path; also for types that take something else beside a path. */
    public static Optional<Path> readableFile(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(text)).filter(path -> !Files.isDirectory(path) && Files.isReadable(path));
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> wholeNumber(String text, int min, int max) {
        return accept(text, number -> WHOLE_NUMBER.matcher(number).matches())
                .map(Long::parseLong)
                .filter(number -> number >= min && number <= max)
                .map(Long::intValue);
    }

    private static boolean areHostsAndPorts(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).allMatch(ValueTypes::isHostAndPort);
    }

    private static boolean isHostAndPort(String text) {
        var matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        int port = Integer.parseInt(matcher.group(1));
        return port >= 1 && port <= LARGEST_PORT;
    }

    private static boolean isTopic(String text) {
        return TOPIC.matcher(text).matches() && !text.equals(".") && !text.equals("..");
    }

    private static boolean isLine(String text) {
        return !text.isBlank() && text.length() <= 1000 && text.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<String> accept(String text, Predicate<String> allowed) {
        return Optional.of(text).filter(allowed);
    }
}
