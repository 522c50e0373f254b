package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars hold what the licences of their contents ask for, and have their files beside them. */
class RunnableJarsIT {
    private static final Pattern LEGAL = Pattern.compile("(?:META-INF/)?[^/]*(?:LICENSE|NOTICE)[^/]*(?<!\\.class)");
    private static final String THIRD_PARTIES = "META-INF/THIRD-PARTY.txt";

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer", "admin"})
    void a_jar_keeps_licence_and_notice_of_all_that_it_holds(String name) throws Exception {
        try (ZipFile jar = new ZipFile(jar(name).toFile())) {
            Map<String, String> places = places(text(jar, THIRD_PARTIES));
            List<String> held = new ArrayList<>();
            for (Path each : dependencies()) {
                try (ZipFile dependency = new ZipFile(each.toFile())) {
                    if (holds(jar, dependency)) {
                        String artifact = each.getFileName().toString().replaceFirst("-\\d.*", "");
                        held.add(artifact);
                        assertThat(places).as(THIRD_PARTIES).containsKey(artifact);
                        assertThat(jar.getEntry(places.get(artifact)))
                                .as(artifact)
                                .isNotNull();
                        keepsItsTexts(jar, dependency, artifact);
                    }
                }
            }
            assertThat(held).contains("postgresql", "slf4j-api", "kafka-clients", "logback-core", "zstd-jni");
            assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License", "END OF TERMS AND CONDITIONS");
            Path bill = jar(name).resolveSibling(name + ".jar.cdx.json");
            if (Files.exists(bill)) {
                // Maven makes none where it works offline.
                String components = Files.readString(bill);
                assertThat(held).allMatch(artifact -> components.contains("\"name\" : \"" + artifact + "\""));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer", "admin"})
    void a_checksum_lies_beside_each_jar(String name) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar(name)));

        assertThat(jar(name).resolveSibling(name + ".jar.sha256"))
                .content()
                .isEqualToIgnoringNewLines(HexFormat.of().formatHex(digest) + "  " + name + ".jar");
    }

    private static void keepsItsTexts(ZipFile jar, ZipFile dependency, String artifact) throws IOException {
        for (ZipEntry entry : dependency.stream().map(ZipEntry.class::cast).toList()) {
            if (!entry.isDirectory() && LEGAL.matcher(entry.getName()).matches()) {
                assertThat(text(jar, "META-INF/licenses/" + artifact + "/" + entry.getName()))
                        .as(artifact)
                        .isEqualTo(text(dependency, entry.getName()));
            }
        }
    }

    private static boolean holds(ZipFile jar, ZipFile dependency) {
        return dependency.stream()
                .map(ZipEntry::getName)
                .filter(name ->
                        name.endsWith(".class") && !name.startsWith("META-INF") && !name.startsWith("module-info"))
                .findFirst()
                .filter(name -> jar.getEntry(name) != null)
                .isPresent();
    }

    private static Map<String, String> places(String text) {
        Map<String, String> places = new HashMap<>();
        text.lines()
                .map(line -> line.split(" \\| "))
                .filter(words -> words.length == 3)
                .forEach(words -> places.put(words[0], words[2]));
        return places;
    }

    private static String text(ZipFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        try (InputStream content = jar.getInputStream(entry)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Path> dependencies() {
        return Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar")
                        && !path.getFileName().toString().startsWith("rowrelay-"))
                .toList();
    }

    private static Path jar(String name) {
        return Path.of("..", name, "target", name + ".jar");
    }
}
