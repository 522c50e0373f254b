package io.rowrelay.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the documents together, and short. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    /** A sentence that begins so has its subject late, and is read twice. */
    private static final Pattern LATE_SUBJECT = Pattern.compile("\\b(?:Of|Whoever|So many|What is) [a-zA-Z]");

    private static final Pattern TEXT = Pattern.compile("\\.(?:java|sql|html|js|sh|yml|xml)$");
    private static final List<String> DIRECTORIES = List.of(
            "common",
            "stream",
            "producer",
            "consumer",
            "admin",
            "sandbox",
            "bench",
            "integration-tests",
            "sql",
            "monitoring");

    private static final int MOST_WORDS = 23_700;
    private static final int MOST_WORDS_OF_A_PAGE = 2_500;

    @Test
    void every_link_leads_to_a_file_and_a_heading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            for (MatchResult link : found(LINK, Files.readString(document))) {
                Path target = link.group(1).isEmpty()
                        ? document
                        : document.resolveSibling(link.group(1)).normalize();
                if (!Files.exists(target)
                        || (link.group(2) != null && !anchors(target).contains(link.group(2)))) {
                    broken.add(root().relativize(document) + ": " + link.group());
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    /** A page that nobody reads to its end helps nobody; the reference is looked up, not read. */
    @Test
    void documents_are_short() throws IOException {
        TreeMap<String, Integer> words = new TreeMap<>();
        for (Path document : documents()) {
            String name = root().relativize(document).toString();
            if (name.startsWith("docs")) {
                words.put(name, Files.readString(document).strip().split("\\s+").length);
            }
        }

        assertThat(words.values().stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(MOST_WORDS);
        words.keySet()
                .removeIf(name -> name.startsWith(Path.of("docs", "reference").toString()));
        assertThat(words.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(MOST_WORDS_OF_A_PAGE));
    }

    @Test
    void sentences_begin_with_their_subject() throws IOException {
        List<Path> files = new ArrayList<>(documents());
        for (String directory : DIRECTORIES) {
            try (Stream<Path> found = Files.walk(root().resolve(directory))) {
                found.filter(file -> !file.toString().contains("target")
                                && TEXT.matcher(file.toString()).find())
                        .forEach(files::add);
            }
        }
        assertThat(files).hasSizeGreaterThan(900);

        List<String> late = new ArrayList<>();
        for (Path file : files) {
            for (MatchResult sentence : found(LATE_SUBJECT, Files.readString(file))) {
                late.add(root().relativize(file) + ": " + sentence.group());
            }
        }

        assertThat(late).isEmpty();
    }

    /** The project's own documents: beside its modules, and under docs. */
    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path directory : List.of(root(), root().resolve("docs"))) {
            try (Stream<Path> files = Files.walk(directory, directory.endsWith("docs") ? 2 : 1)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        assertThat(documents).hasSizeGreaterThan(10);
        return documents;
    }

    /** As the usual sites make them of headings. */
    private static Set<String> anchors(Path document) throws IOException {
        return found(HEADING, Files.readString(document)).stream()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static List<MatchResult> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    /** The tests run in their module's directory, or in the project's. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("docs"))
                ? here
                : here.resolve("..").normalize();
    }
}
