package io.rowrelay.it.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/** A user of a linked stack's brokers whose password changes at the brokers and in a file, each when the test says so. */
public final class RotatedLogin {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int ITERATIONS = 4096;

    private final LinkedStack stack;
    private final Path file;
    private final String user = "rotated_" + NUMBER.incrementAndGet();

    /** A new user, whose password is the same at both places. */
    public RotatedLogin(LinkedStack stack, Path directory, String password) throws Exception {
        this.stack = stack;
        this.file = directory.resolve(user);
        brokersTake(password);
        fileSays(password);
    }

    /** The settings of clients that log in as this user. */
    public Map<String, String> settings() {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                stack.passwordServers(),
                "KAFKA_SECURITY_PROTOCOL",
                "SASL_PLAINTEXT",
                "KAFKA_SASL_MECHANISM",
                "SCRAM-SHA-256",
                "KAFKA_SASL_JAAS_CONFIG_FILE",
                file.toString());
    }

    /** The brokers take this password only; whoever is connected with another one is found out within a second. */
    public void brokersTake(String password) throws Exception {
        ScramCredentialInfo form = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS);
        Map<String, Object> properties = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers());
        try (Admin admin = Admin.create(properties)) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, form, password)))
                    .all()
                    .get();
        }
    }

    /** Clients that are opened from now on use this password. */
    public void fileSays(String password) throws Exception {
        Files.writeString(
                file,
                ScramLoginModule.class.getName() + " required username=\"" + user + "\" password=\"" + password
                        + "\";");
    }
}
