package io.rowrelay.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.SecuredStack;
import io.rowrelay.sandbox.stack.CertificateAuthority;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourcePattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemons and each command over TLS, with the rights and ACLs of docs/operate/security.md and no others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class SecuredStackIT {
    private static final String PRODUCER = "User:" + SecuredStack.PRODUCER;
    private static final String CONSUMER = "User:CN=" + SecuredStack.CONSUMER;
    private static final String OPERATOR = "User:" + SecuredStack.OWNER;

    private final SecuredStack stack = SecuredStack.start();
    private final List<AclBinding> daemons = Stream.concat(
                    DocumentedAcls.of("producer", PRODUCER).stream(), DocumentedAcls.of("consumer", CONSUMER).stream())
            .toList();

    /** So that the topics are there, whichever test comes first. */
    @BeforeAll
    void createTopics() {
        stack.setAcls(daemons);
        try (RunningDaemon producer = stack.startProducer(stack.producer())) {
            awaitReason(producer, "active");
        }
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    @Test
    void the_daemons_and_each_command_need_no_more_than_the_documented_rights(@TempDir Path directory)
            throws IOException {
        Path exported = directory.resolve("letters");
        stack.setAcls(daemons);
        try (RunningDaemon producer = stack.startProducer(stack.producer());
                RunningDaemon consumer = stack.startConsumer(stack.consumer())) {
            stack.execute(stack.source(), "INSERT INTO employees (first_name, salary) VALUES ('Ada', 1), ('Bob', 2)");
            stack.execute(stack.source(), "UPDATE employees SET salary = 3 WHERE first_name = 'Bob'");
            awaitEqual(producer, consumer);
            stack.execute(
                    stack.destination(), "ALTER TABLE employees ADD CONSTRAINT low CHECK (salary < 10) NOT VALID");
            stack.execute(stack.source(), "UPDATE employees SET salary = 11 WHERE first_name = 'Ada'");
            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(command("dlq list").output()).contains("0:0"));
            stack.execute(stack.destination(), "ALTER TABLE employees DROP CONSTRAINT low");

            assertThat(command("status").said()).doesNotContain("reachable");
            assertThat(command("doctor").said()).contains("unclear=0");
            command("pause");
            command("resume");
            command("dlq show", "0:0");
            command("dlq export", "0:0", "--to", exported.toString());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(exported)))
                    .isEqualTo("rw-------");
            command("dlq replay", "0:0");
            awaitEqual(producer, consumer);
            command("uninstall --delete-topics", "--dry-run");
            command("dlq discard --purge", "--all", "--yes");
            stack.execute(stack.destination(), "UPDATE employees SET salary = 7");
            command("verify", "--repair", "--yes");
            command("backfill");
            command("resync", "--yes");
            command("cutover", "--dry-run");
        }
        command("reanchor", "--no-wait", "--yes");
        command("capture", "employees", "--change-table", "emp_cdc");
    }

    /** Runs a command with its own ACLs beside those of the daemons; its further words are no part of its name in the document. */
    private AdminRun command(String name, String... further) {
        List<AclBinding> acls = new ArrayList<>(daemons);
        acls.addAll(DocumentedAcls.of(name, OPERATOR));
        stack.setAcls(acls);
        List<String> words = new ArrayList<>(List.of(name.split(" ", -1)));
        words.addAll(List.of(further));
        AdminRun run = AdminRun.of(stack.commands(), words.toArray(String[]::new));
        assertThat(run.said()).as(name).doesNotContain("AuthorizationException");
        assertThat(run.exitCode()).as(name + "\n" + run.said()).isIn(0, 3, 4);
        return run;
    }

    @Test
    void a_daemon_without_one_of_its_acls_says_at_its_start_which() {
        for (AclBinding missing : daemons) {
            if (missing.entry().operation() == AclOperation.CREATE) {
                continue;
            }
            stack.setAcls(daemons.stream().filter(each -> !each.equals(missing)).toList());
            ResourcePattern resource = missing.pattern();
            try (RunningDaemon daemon = missing.entry().principal().equals(PRODUCER)
                    ? stack.startProducer(stack.producer())
                    : stack.startConsumer(stack.consumer())) {
                await(missing.toString())
                        .atMost(Pipeline.PATIENCE)
                        .untilAsserted(() -> assertThat(daemon.reasons())
                                .anySatisfy(reason -> assertThat(reason)
                                        .contains(resource.name(), "ACL")
                                        .containsAnyOf(missing.entry().operation() + " topic", "group")));
            }
        }
    }

    /** The table, its owner's grant on it, and who lacks it. */
    @ParameterizedTest
    @CsvSource({
        "SOURCE, emp_cdc, SELECT",
        "SOURCE, emp_cdc, DELETE",
        "SOURCE, cdc_offset, UPDATE",
        "SOURCE, cdc_published, INSERT",
        "DESTINATION, employees, INSERT",
        "DESTINATION, employees, DELETE",
        "DESTINATION, cdc_progress, UPDATE",
        "DESTINATION, cdc_tombstone, DELETE",
        "DESTINATION, cdc_dead_letter_seen, UPDATE",
    })
    void a_daemon_without_one_of_its_grants_says_at_its_start_which(String side, String table, String right) {
        stack.setAcls(daemons);
        boolean source = side.equals("SOURCE");
        PostgresServer server = source ? stack.source() : stack.destination();
        stack.execute(
                server,
                "REVOKE " + right + " ON " + table + " FROM "
                        + (source ? SecuredStack.PRODUCER : SecuredStack.CONSUMER));
        try (RunningDaemon daemon =
                source ? stack.startProducer(stack.producer()) : stack.startConsumer(stack.consumer())) {
            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() -> assertThat(daemon.reasons())
                            .anySatisfy(reason -> assertThat(reason)
                                    .contains(table)
                                    .containsAnyOf(right + " on", "permission denied")));
        } finally {
            stack.grantAll();
        }
    }

    @Test
    void failures_of_kafkas_security_are_told_apart(@TempDir Path directory) throws Exception {
        stack.setAcls(daemons);
        Path another = new CertificateAuthority(directory, "another").certificate();
        CertificateAuthority own = stack.stack().security().authority();
        CertificateAuthority.CertificateFiles expired =
                own.issue("expired", "127.0.0.1", Instant.now().minus(Duration.ofHours(1)));
        Map<String, String> wrongHost = stack.consumer();
        wrongHost.computeIfPresent(
                "KAFKA_BOOTSTRAP_SERVERS", (name, servers) -> servers.replace("127.0.0.1", "localhost"));
        Map<String, String> wrongPassword = new HashMap<>(stack.producer());
        wrongPassword.put(
                "KAFKA_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"x\" password=\"y\";");
        wrongPassword.remove("KAFKA_SASL_JAAS_CONFIG_FILE");

        try (TlsServer server = new TlsServer(expired)) {
            assertThat(saidByConsumer(with("KAFKA_SSL_TRUSTSTORE_LOCATION", another.toString()), "Ssl"))
                    .contains("unable to find valid certification path");
            assertThat(saidByConsumer(with("KAFKA_BOOTSTRAP_SERVERS", server.address()), "Ssl"))
                    .contains("CertificateExpiredException");
            assertThat(saidByConsumer(wrongHost, "Ssl")).contains("No name matching localhost");
            assertThat(saidByConsumer(
                            with("KAFKA_SSL_KEYSTORE_LOCATION", expired.both().toString()), "Ssl"))
                    .contains("fatal alert");
        }
        try (RunningDaemon producer = stack.startProducer(wrongPassword)) {
            awaitReason(producer, "SaslAuthenticationException");
        }
    }

    private Map<String, String> with(String setting, String value) {
        Map<String, String> settings = stack.consumer();
        settings.put(setting, value);
        return settings;
    }

    /** What a consumer says at last that contains a word. */
    private String saidByConsumer(Map<String, String> settings, String word) {
        try (RunningDaemon consumer = stack.startConsumer(settings)) {
            awaitReason(consumer, word);
            return consumer.reasons().stream()
                    .filter(reason -> reason.contains(word))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    @Tag("nightly")
    void new_certificates_and_passwords_are_taken_up_without_a_restart() throws Exception {
        stack.setAcls(daemons);
        try (RunningDaemon producer = stack.startProducer(stack.producer());
                RunningDaemon consumer = stack.startConsumer(stack.consumer())) {
            stack.execute(stack.source(), "INSERT INTO employees (first_name) VALUES ('before')");
            awaitEqual(producer, consumer);

            stack.rotate();
            stack.execute(stack.source(), "INSERT INTO employees (first_name) VALUES ('after')");

            awaitEqual(producer, consumer);
        }
    }

    private void awaitEqual(RunningDaemon producer, RunningDaemon consumer) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(stack.rows(stack.destination()))
                        .as(producer.reasons() + " " + consumer.reasons())
                        .isEqualTo(stack.rows(stack.source()))
                        .isNotEmpty());
    }

    private static void awaitReason(RunningDaemon daemon, String reason) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(daemon.reasons()).anyMatch(each -> each.contains(reason)));
    }
}
