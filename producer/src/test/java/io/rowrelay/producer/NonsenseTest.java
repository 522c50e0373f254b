package io.rowrelay.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsFamily;
import io.rowrelay.common.settings.SettingsSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in the configuration, the answer is a configuration or a list of mistakes, and never a secret. */
@Timeout(60)
final class NonsenseTest {

    private static final String SECRET = "hunter2";
    private static final List<String> VALUES = List.of(
            "",
            " ",
            "0",
            "-1",
            "1",
            "99999999999999999999",
            "true",
            "null",
            "NaN",
            "${STREAM}",
            "${}",
            "%s%n",
            "a\nb",
            "\u0000",
            "\uD83D",
            "\uD83D\uDE00",
            "/",
            "/dev/null",
            "/proc/self/mem",
            "5s",
            "-5s",
            "PT",
            "P1Y",
            "1e9",
            "0x1",
            "jdbc:postgresql://h/d?password=" + SECRET,
            "jdbc:postgresql://u:" + SECRET + "@h/d",
            "jdbc:postgresql://",
            "jdbc:postgresql:// /",
            "jdbc:postgresql://h:1:2/d",
            "jdbc:postgresql://[::1/d",
            "jdbc:postgresql://h/d?%",
            "localhost:9092",
            "[",
            "(",
            "*",
            "\\",
            "$1",
            "'",
            "\"",
            ";",
            "shipped",
            "none",
            "all",
            "x".repeat(100_000));

    private final Random random = new Random(20_261_122);

    @Test
    void never_fails_in_another_way_than_by_listing_mistakes(@TempDir Path directory) throws IOException {
        List<String> names = names();
        for (int round = 0; round < 300; round++) {
            Map<String, String> environment = environment(names);
            Path file = Files.write(directory.resolve("rowrelay.properties"), bytes(names));
            try {
                ProducerSettings.read(SettingsSource.of(environment, file));
            } catch (InvalidSettingsException told) {
                assertThat(told.mistakes()).isNotEmpty();
                assertThat(told.getMessage()).doesNotContain(SECRET).doesNotContain("\u0000");
            } catch (RuntimeException untold) {
                fail("round " + round + " with " + environment, untold);
            }
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        ProducerSettings.TABLE.settings().stream().map(Setting::name).forEach(names::add);
        ProducerSettings.TABLE.families().stream().map(SettingsFamily::names).forEach(names::addAll);
        names.addAll(List.of("SOURCE_DB_PASSWORD_FILE", "KAFKA_", "KAFKA__FILE", "_FILE", "SOURCE_DB_", "=", ""));
        return names;
    }

    private Map<String, String> environment(List<String> names) {
        Map<String, String> environment = new HashMap<>();
        for (int count = random.nextInt(6); count >= 0; count--) {
            String name = any(names);
            boolean misspelt = !name.isEmpty() && random.nextInt(4) == 0;
            environment.put(misspelt ? name.substring(random.nextInt(name.length())) : name, any(VALUES));
        }
        return environment;
    }

    private byte[] bytes(List<String> names) {
        if (random.nextInt(3) == 0) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            return bytes;
        }
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(4); count > 0; count--) {
            text.append(any(names))
                    .append('=')
                    .append(any(VALUES).replace("\uD83D", "?"))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
