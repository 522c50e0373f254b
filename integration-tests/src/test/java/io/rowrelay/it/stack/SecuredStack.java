package io.rowrelay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.kafka.CurrentSslEngines;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.consumer.ConsumerDaemon;
import io.rowrelay.consumer.ConsumerSettings;
import io.rowrelay.producer.ProducerDaemon;
import io.rowrelay.producer.ProducerSettings;
import io.rowrelay.sandbox.stack.CertificateAuthority.CertificateFiles;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.SqlScripts;
import io.rowrelay.sandbox.stack.Stack;
import io.rowrelay.sandbox.stack.StackSecurity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * The shipped stream on a secured stack, as docs/operate/security.md has it: the producer logs in to both of its servers by SCRAM, the
 * consumer by client certificates, the commands by SCRAM as the tables' owner. Nobody is a superuser. Not thread-safe.
 */
public final class SecuredStack implements AutoCloseable {
    public static final String PRODUCER = "rowrelay_producer";
    public static final String CONSUMER = "rowrelay_consumer";
    public static final String OWNER = "shop_owner";
    private static final String PASSWORD = "a password";
    private static final String SOURCE_PASSWORD = "source.password";

    private final Stack stack;
    private final Path passwords;
    private final Admin kafka;

    private SecuredStack(Stack stack) {
        this.stack = stack;
        this.passwords = stack.directory().resolve("passwords");
        issue();
        this.kafka = Admin.create(Map.of(
                "bootstrap.servers",
                stack.security().certificateServers(),
                "security.protocol",
                "SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                stack.security().authority().certificate().toString(),
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.location",
                files(StackSecurity.ADMINISTRATOR).both().toString(),
                "ssl.engine.factory.class",
                CurrentSslEngines.class.getName()));
    }

    /** Starts it, with the roles and no ACL. */
    public static SecuredStack start() {
        SecuredStack started = new SecuredStack(Stack.builder()
                .secured()
                .withoutTables()
                .postgresParameter("fsync", "off")
                .kafkaProperty("group.min.session.timeout.ms", "1000")
                .start());
        try {
            started.createRoles();
        } catch (IOException | SQLException | ExecutionException | InterruptedException failure) {
            throw new IllegalStateException("cannot create the roles", failure);
        }
        return started;
    }

    /**
     * Replaces the authority, every certificate and every password of the daemons on disk and in the servers, which end all
     * connections.
     */
    public void rotate() throws ExecutionException, InterruptedException {
        String next = PASSWORD + " 2";
        setKafkaPassword(PRODUCER, next);
        executeAsSuperuser(source(), "ALTER ROLE " + PRODUCER + " PASSWORD '" + next + "'");
        write(SOURCE_PASSWORD, next);
        stack.renewCertificates();
        issue();
    }

    private void issue() {
        stack.security().authority().issue(CONSUMER, "127.0.0.1");
    }

    private void createRoles() throws SQLException, IOException, ExecutionException, InterruptedException {
        Files.createDirectories(passwords);
        write(SOURCE_PASSWORD, PASSWORD);
        for (String user : List.of(PRODUCER, OWNER)) {
            setKafkaPassword(user, PASSWORD);
        }
        String owner = "CREATE ROLE " + OWNER + " LOGIN PASSWORD '" + PASSWORD + "'";
        executeAsSuperuser(source(), owner, "ALTER DATABASE source OWNER TO " + OWNER);
        executeAsSuperuser(destination(), owner, "ALTER DATABASE destination OWNER TO " + OWNER);
        run(source(), "source");
        run(destination(), "destination");
        executeAsSuperuser(source(), "CREATE ROLE " + PRODUCER + " LOGIN PASSWORD '" + PASSWORD + "'");
        executeAsSuperuser(
                destination(),
                "CREATE ROLE " + StackSecurity.CERTIFIED,
                "CREATE ROLE " + CONSUMER + " LOGIN IN ROLE " + StackSecurity.CERTIFIED);
        grantAll();
    }

    /** What the owner of the tables grants to the daemons' roles. */
    public void grantAll() {
        execute(source(), "SELECT cdc_grant('emp_cdc', '" + PRODUCER + "')");
        execute(destination(), "SELECT cdc_grant_destination('employees', '" + CONSUMER + "')");
    }

    private void run(PostgresServer server, String scripts) throws SQLException {
        try (Connection connection = connect(server)) {
            SqlScripts.withExample(SqlScripts.findDirectory(), scripts).runOn(connection);
        }
    }

    /** A user's password changes in Kafka and in its file, as far as it is given for each. */
    public void setKafkaPassword(String user, String password) throws ExecutionException, InterruptedException {
        kafka.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                .all()
                .get();
        write(
                user + ".jaas",
                ScramLoginModule.class.getName() + " required username=\"" + user + "\" password=\"" + password
                        + "\";");
    }

    private Path write(String file, String text) {
        try {
            return Files.writeString(passwords.resolve(file), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The stack itself. */
    public Stack stack() {
        return stack;
    }

    public PostgresServer source() {
        return stack.source();
    }

    public PostgresServer destination() {
        return stack.destination();
    }

    /** The files of a certificate. */
    public CertificateFiles files(String commonName) {
        return stack.security().authority().files(commonName);
    }

    /** Runs statements as the owner of the tables. */
    public void execute(PostgresServer server, String... statements) {
        try (Connection connection = connect(server)) {
            Databases.execute(connection, statements);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Runs statements as the superuser. */
    public void executeAsSuperuser(PostgresServer server, String... statements) {
        Databases.execute(server.jdbcUrl(), statements);
    }

    /** The rows of the table, with the source's columns only. */
    public List<String> rows(PostgresServer server) {
        return Databases.query(
                server.jdbcUrl(),
                "SELECT ROW(emp_id, first_name, last_name, dob, city, salary)::text FROM employees ORDER BY emp_id");
    }

    private Connection connect(PostgresServer server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), OWNER, PASSWORD);
    }

    /** What a producer is given as environment. */
    public Map<String, String> producer() {
        Map<String, String> settings = withPassword(PRODUCER);
        settings.put("SOURCE_DB_URL", source().jdbcUrl() + "&channelBinding=require");
        settings.put("SOURCE_DB_USER", PRODUCER);
        settings.put(
                "SOURCE_DB_PASSWORD_FILE", passwords.resolve(SOURCE_PASSWORD).toString());
        settings.put("CAPTURE_CHECK_INTERVAL", "500ms");
        settings.put("TOPIC_PARTITIONS", "1");
        settings.putAll(http());
        return settings;
    }

    /** What a consumer is given as environment. */
    public Map<String, String> consumer() {
        Map<String, String> settings = new HashMap<>(http());
        CertificateFiles files = files(CONSUMER);
        settings.put(
                "DESTINATION_DB_URL",
                destination().jdbcUrl() + "&sslcert=" + files.certificate() + "&sslkey=" + files.key());
        settings.put("DESTINATION_DB_USER", CONSUMER);
        settings.put("KAFKA_BOOTSTRAP_SERVERS", stack.security().certificateServers());
        settings.put("KAFKA_SECURITY_PROTOCOL", "SSL");
        settings.put("KAFKA_SSL_KEYSTORE_TYPE", "PEM");
        settings.put("KAFKA_SSL_KEYSTORE_LOCATION", files.both().toString());
        settings.put("KAFKA_SESSION_TIMEOUT_MS", "3000");
        settings.put("KAFKA_HEARTBEAT_INTERVAL_MS", "500");
        settings.putAll(truststore());
        return settings;
    }

    /** What a command is given as environment, which works as the owner of the tables. */
    public Map<String, String> commands() {
        Map<String, String> settings = withPassword(OWNER);
        // A command without an ACL asks again for as long as this.
        settings.put("ADMIN_TIMEOUT", "5s");
        settings.put("SOURCE_DB_URL", source().jdbcUrl());
        settings.put("SOURCE_DB_USER", OWNER);
        settings.put("SOURCE_DB_PASSWORD", PASSWORD);
        settings.put("DESTINATION_DB_URL", destination().jdbcUrl());
        settings.put("DESTINATION_DB_USER", OWNER);
        settings.put("DESTINATION_DB_PASSWORD", PASSWORD);
        return settings;
    }

    private static Map<String, String> http() {
        return Map.of("HTTP_PORT", "0", "HTTP_HOST", "127.0.0.1");
    }

    private Map<String, String> withPassword(String user) {
        Map<String, String> settings = new HashMap<>(truststore());
        settings.put("KAFKA_BOOTSTRAP_SERVERS", stack.kafka().bootstrapServers());
        settings.put("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        settings.put("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512");
        settings.put(
                "KAFKA_SASL_JAAS_CONFIG_FILE", passwords.resolve(user + ".jaas").toString());
        return settings;
    }

    private Map<String, String> truststore() {
        return Map.of(
                "KAFKA_SSL_TRUSTSTORE_TYPE",
                "PEM",
                "KAFKA_SSL_TRUSTSTORE_LOCATION",
                stack.security().authority().certificate().toString());
    }

    /** Starts a producer in this JVM; the caller ends it. */
    public RunningDaemon startProducer(Map<String, String> environment) {
        ProducerSettings settings = ProducerSettings.read(SettingsSource.of(environment));
        return new RunningDaemon(
                "producer",
                (readiness, stop) -> ProducerDaemon.run(settings, readiness, new SimpleMeterRegistry(), stop));
    }

    /** Starts a consumer in this JVM; the caller ends it. */
    public RunningDaemon startConsumer(Map<String, String> environment) {
        ConsumerSettings settings = ConsumerSettings.read(SettingsSource.of(environment));
        return new RunningDaemon(
                "consumer",
                (readiness, stop) -> ConsumerDaemon.run(settings, readiness, new SimpleMeterRegistry(), stop));
    }

    /** Kafka's ACLs are these from now on, and no others. */
    public void setAcls(Collection<AclBinding> acls) {
        try {
            Set<AclBinding> wanted = Set.copyOf(acls);
            Set<AclBinding> present =
                    Set.copyOf(kafka.describeAcls(AclBindingFilter.ANY).values().get());
            kafka.deleteAcls(present.stream()
                            .filter(each -> !wanted.contains(each))
                            .map(AclBinding::toFilter)
                            .toList())
                    .all()
                    .get();
            kafka.createAcls(wanted).all().get();
            await().untilAsserted(() -> assertThat(
                            kafka.describeAcls(AclBindingFilter.ANY).values().get())
                    .containsExactlyInAnyOrderElementsOf(wanted));
        } catch (ExecutionException | InterruptedException failure) {
            throw new IllegalStateException("cannot set the ACLs", failure);
        }
    }

    /** Kafka's administrator. */
    public Admin kafka() {
        return kafka;
    }

    @Override
    public void close() {
        kafka.close();
        stack.close();
    }
}
