package io.rowrelay.common.kafka;

/**
 * Whether the secrets for Kafka have changed in their files since a client was opened with them. A client keeps what it was opened
 * with, so one that fails afterwards is to be replaced. Not thread-safe; one for each client.
 */
public final class SecretWatch {
    private final KafkaClientSettings settings;
    private int known;

    public SecretWatch(KafkaClientSettings settings) {
        this.settings = settings;
        this.known = settings.secretsNow();
    }

    /** To be called before a client is opened. */
    public void opening() {
        known = settings.secretsNow();
    }

    /** Whether a client that is opened now would have other secrets. */
    public boolean haveChanged() {
        return known != settings.secretsNow();
    }
}
