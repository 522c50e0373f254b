package io.rowrelay.common.kafka;

import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens TLS connections with the key and trust stores as they are on disk at that moment: certificates and authorities are replaced
 * while the daemons run, and the Kafka clients read the stores once. Opened by the clients by its name. Safe for any thread.
 */
public final class CurrentSslEngines implements SslEngineFactory {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentSslEngines.class);

    private Map<String, Object> properties = Map.of();
    private DefaultSslEngineFactory engines = new DefaultSslEngineFactory();
    private boolean reported;

    /** For the clients. */
    public CurrentSslEngines() {}

    @Override
    @SuppressWarnings("unchecked") // The keys are names, the values are only handed on.
    public synchronized void configure(Map<String, ?> configs) {
        properties = (Map<String, Object>) configs;
        engines.configure(configs);
    }

    @Override
    public synchronized SSLEngine createClientSslEngine(String peerHost, int peerPort, String endpointIdentification) {
        return current().createClientSslEngine(peerHost, peerPort, endpointIdentification);
    }

    @Override
    public synchronized SSLEngine createServerSslEngine(String peerHost, int peerPort) {
        return current().createServerSslEngine(peerHost, peerPort);
    }

    /** A store that is half written, or opens with another password now, leaves the former one in use. */
    private DefaultSslEngineFactory current() {
        if (!engines.shouldBeRebuilt(properties)) {
            return engines;
        }
        DefaultSslEngineFactory next = new DefaultSslEngineFactory();
        try {
            next.configure(properties);
            engines = next;
            reported = false;
            LOG.info("read the key and trust stores for Kafka again");
        } catch (RuntimeException unreadable) {
            next.close();
            if (!reported) {
                LOG.warn(
                        "the key or trust store for Kafka was replaced by one that cannot be read; the former one stays in use: {}",
                        unreadable.getMessage());
                reported = true;
            }
        }
        return engines;
    }

    @Override
    public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
        return engines.shouldBeRebuilt(nextConfigs);
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return engines.reconfigurableConfigs();
    }

    @Override
    public @Nullable KeyStore keystore() {
        return engines.keystore();
    }

    @Override
    public @Nullable KeyStore truststore() {
        return engines.truststore();
    }

    @Override
    public void close() {
        engines.close();
    }
}
