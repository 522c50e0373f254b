package io.rowrelay.admin.command;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.Topics;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Kafka, for commands that look; an outage between two questions does no harm. Not thread-safe. */
public final class Broker implements AutoCloseable {
    private final KafkaClientSettings settings;
    private final Duration timeout;
    private @Nullable Admin client;

    /** Does not connect yet. */
    public Broker(AdminSettings settings) {
        this.settings = settings.kafka();
        this.timeout = settings.timeout();
    }

    /** A question to the admin client. */
    @FunctionalInterface
    public interface Question<T> {
        /** The future of one of the things asked for comes from a map, so it may be null by type. */
        @Nullable
        KafkaFuture<T> ask(Admin admin);
    }

    /** The properties to open further clients with. */
    public KafkaClientSettings settings() {
        return settings;
    }

    /** Asks, and waits for the answer. */
    public <T> T ask(String doing, Question<T> question) throws OutageException, InterruptedException {
        try {
            return get(question);
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage(doing, failure);
        }
    }

    /** Asks about what may not exist: then the answer is empty. */
    public <T> Optional<T> askIfThere(String doing, Question<T> question) throws OutageException, InterruptedException {
        try {
            return Optional.of(get(question));
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException
                    || failure.getCause() instanceof GroupIdNotFoundException) {
                return Optional.empty();
            }
            throw KafkaFailures.outage(doing, failure);
        } catch (TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage(doing, failure);
        }
    }

    private <T> T get(Question<T> question) throws InterruptedException, ExecutionException, TimeoutException {
        Admin open = client;
        if (open == null) {
            open = Topics.admin(Topics.patient(settings.admin(), timeout));
            client = open;
        }
        return Objects.requireNonNull(question.ask(open), "what was asked for")
                .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        Admin open = client;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }
}
