package io.rowrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stores that are replaced on disk while clients are open. */
@Timeout(180)
class CurrentSslEnginesTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    @Test
    void the_next_connection_is_opened_with_the_store_that_is_there_then() throws Exception {
        CurrentSslEngines engines = engines(store("one"));
        engines.createClientSslEngine("broker", 1, "https");
        assertThat(aliases(engines)).containsExactly("one");

        replaceBy(store("two"));
        engines.createClientSslEngine("broker", 1, "https");

        assertThat(aliases(engines)).containsExactly("two");
    }

    @Test
    void a_store_that_is_half_written_leaves_the_former_one_in_use() throws Exception {
        CurrentSslEngines engines = engines(store("one"));

        replaceBy(Files.writeString(directory.resolve("half"), "no store"));
        engines.createClientSslEngine("broker", 1, "https");
        assertThat(aliases(engines)).containsExactly("one");
        replaceBy(store("two"));
        engines.createClientSslEngine("broker", 1, "https");

        assertThat(aliases(engines)).containsExactly("two");
    }

    private Path trust() {
        return directory.resolve("trust.p12");
    }

    private CurrentSslEngines engines(Path store) throws Exception {
        Files.copy(store, trust());
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "broker:1");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, trust().toString());
        properties.put(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, PASSWORD);
        properties.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PKCS12");
        CurrentSslEngines engines = new CurrentSslEngines();
        engines.configure(new ProducerConfig(properties).values());
        return engines;
    }

    /** As tools do that replace a file: whole, under its name, with a time of its own. */
    private void replaceBy(Path store) throws Exception {
        Files.setLastModifiedTime(store, FileTime.from(Instant.now().plusSeconds(Files.size(store) % 100 + 10)));
        Files.move(store, trust(), StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String> aliases(CurrentSslEngines engines) throws Exception {
        KeyStore store = engines.truststore();
        return store == null ? List.of() : new ArrayList<>(Collections.list(store.aliases()));
    }

    private Path store(String alias) throws Exception {
        Path keys = directory.resolve(alias + ".keys");
        Path certificate = directory.resolve(alias + ".crt");
        Path store = directory.resolve(alias + ".p12");
        keytool("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + alias, "-keystore", keys.toString());
        keytool("-exportcert", "-alias", alias, "-file", certificate.toString(), "-keystore", keys.toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                alias,
                "-file",
                certificate.toString(),
                "-keystore",
                store.toString());
        return store;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isZero();
    }
}
