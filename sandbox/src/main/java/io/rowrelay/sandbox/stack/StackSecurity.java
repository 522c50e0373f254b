package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.jspecify.annotations.Nullable;

/**
 * What secures a stack: TLS only, logins and ACLs. The certificates are made when the stack starts.
 *
 * <p>PostgreSQL takes members of the role {@value #CERTIFIED} by their client certificates, and all others by SCRAM. Kafka asks for
 * SCRAM-SHA-512 at {@link KafkaBroker#bootstrapServers}, for a client certificate at {@link #certificateServers}; nobody may do
 * anything there without an ACL, but the {@link #ADMINISTRATOR}. Safe for any thread.
 */
public final class StackSecurity {
    /** The group of roles, to be created by who wants it, whose members PostgreSQL knows by their certificates. */
    public static final String CERTIFIED = "certified";

    /** The common name of the certificate that may do everything in Kafka. */
    public static final String ADMINISTRATOR = "administrator";

    private static final String SERVER = "server";
    private static final String CERTIFICATES = "CERTIFICATES";

    private final Path directory;
    private final int certificatePort = Ports.anyFree();
    private volatile @Nullable CertificateAuthority authority;

    StackSecurity(Path directory) {
        this.directory = directory;
    }

    /** The authority of all servers of the started stack, whose client certificates they take. */
    public CertificateAuthority authority() {
        return Objects.requireNonNull(authority, "the stack has not started");
    }

    /** Where Kafka's clients connect with certificates. */
    public String certificateServers() {
        return Ports.LOOPBACK + ":" + certificatePort;
    }

    void makeCertificates() {
        CertificateAuthority made = new CertificateAuthority(directory, "authority");
        made.issue(SERVER, Ports.LOOPBACK);
        made.issue(ADMINISTRATOR, Ports.LOOPBACK);
        authority = made;
    }

    /** Parameters of a JDBC URL, by which the driver lets no other server pass for this one. */
    String urlParameters() {
        return "?sslmode=verify-full&sslrootcert=" + authorityFile();
    }

    private Path authorityFile() {
        return directory.resolve("authority.crt");
    }

    /** Gives a PostgreSQL server what it reads for TLS, and who it lets in. */
    Map<String, String> secure(Path server, Unprivileged user) {
        Path certificate = server.resolve("server.pem");
        Path trusted = server.resolve("authority.crt");
        try {
            Files.copy(authority().files(SERVER).both(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(authorityFile(), trusted, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(server.resolve("hba.conf"), """
                    hostssl all +%s 127.0.0.1/32 cert
                    hostssl all all 127.0.0.1/32 scram-sha-256
                    """.formatted(CERTIFIED));
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot secure " + server, failure);
        }
        user.handOver(certificate);
        user.handOver(trusted);
        user.handOver(server.resolve("hba.conf"));
        return Map.of(
                "ssl",
                "on",
                "ssl_cert_file",
                certificate.toString(),
                "ssl_key_file",
                certificate.toString(),
                "ssl_ca_file",
                trusted.toString(),
                "hba_file",
                server.resolve("hba.conf").toString());
    }

    KafkaListener listener() {
        return new KafkaListener(CERTIFICATES, certificatePort, certificatePort, SecurityProtocol.SSL);
    }

    Map<String, String> brokerProperties() {
        return Map.ofEntries(
                Map.entry("listener.security.protocol.map", "CLIENTS:SASL_SSL,CERTIFICATES:SSL,CONTROLLER:SSL"),
                Map.entry("inter.broker.listener.name", CERTIFICATES),
                Map.entry("listener.name.certificates.ssl.client.auth", "required"),
                Map.entry("listener.name.controller.ssl.client.auth", "required"),
                Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
                Map.entry(
                        "listener.name.clients.scram-sha-512.sasl.jaas.config",
                        ScramLoginModule.class.getName() + " required;"),
                Map.entry("ssl.keystore.type", "PEM"),
                Map.entry(
                        "ssl.keystore.location",
                        directory.resolve(SERVER + ".pem").toString()),
                Map.entry("ssl.truststore.type", "PEM"),
                Map.entry("ssl.truststore.location", authorityFile().toString()),
                Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                Map.entry("super.users", "User:CN=" + SERVER + ";User:CN=" + ADMINISTRATOR));
    }
}
