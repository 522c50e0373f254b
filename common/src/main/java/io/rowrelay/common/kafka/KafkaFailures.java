package io.rowrelay.common.kafka;

import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.jspecify.annotations.Nullable;

/** What a failure of a Kafka client means. */
public final class KafkaFailures {
    private KafkaFailures() {}

    /** Whether the record itself is too large, so that it can never be taken. */
    public static boolean isTooLarge(Throwable failure) {
        return failure instanceof RecordTooLargeException;
    }

    /** Whether the client itself can go on after it, without being replaced. */
    public static boolean isRetriable(Throwable failure) {
        return failure instanceof RetriableException;
    }

    /**
     * Whether a failed offset commit is harmless: the partitions have moved on to another consumer, which will read the
     * same records again. Not retriable by type, and yet nothing is to be done.
     */
    public static boolean isHarmlessOnCommit(Throwable failure) {
        return failure instanceof CommitFailedException || failure instanceof RebalanceInProgressException;
    }

    /** Whether another member of the group has this one's group.instance.id. */
    public static boolean isFenced(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause instanceof FencedInstanceIdException || cause instanceof UnreleasedInstanceIdException;
    }

    /** Wraps a failure as an outage whose message names the work and Kafka's own words. */
    public static OutageException outage(String work, Throwable failure) {
        if (unwrapped(failure) instanceof UnreadableRecordException unreadable) {
            return OutageException.waitingForAHuman(work + ": " + unreadable.getMessage());
        }
        String message = work + ": " + describe(failure);
        if (isAuthentication(failure)) {
            // Whatever the work was, it is one outage, and is reported once.
            return OutageException.outOfReach(describe(failure), message, failure);
        }
        return isOutOfReach(failure) ? outOfReach(message, failure) : new OutageException(message, failure);
    }

    /** An outage of Kafka in words of the caller's own. */
    public static OutageException outOfReach(String message, @Nullable Throwable failure) {
        return OutageException.outOfReach("Kafka", message, failure);
    }

    /** Whether the client and a broker do not accept each other's credentials, which a client keeps from when it was opened. */
    public static boolean isAuthentication(Throwable failure) {
        return unwrapped(failure) instanceof AuthenticationException;
    }

    /** Whether it only says that Kafka did not answer in time. */
    public static boolean isTimeout(@Nullable Throwable failure) {
        if (failure == null) {
            return false;
        }
        Throwable cause = unwrapped(failure);
        return cause instanceof TimeoutException || cause instanceof java.util.concurrent.TimeoutException;
    }

    /** Whether no broker that can do the work was there; an answer that names what is wrong is an outage of its own. */
    private static boolean isOutOfReach(Throwable failure) {
        Throwable cause = unwrapped(failure);
        boolean answered = cause instanceof NotEnoughReplicasException
                || cause instanceof NotEnoughReplicasAfterAppendException
                || cause instanceof UnknownTopicOrPartitionException;
        return isTimeout(cause) || (isRetriable(cause) && !answered);
    }

    /** Time-outs differ in their words from attempt to attempt, which would make one outage look like many. */
    private static String describe(Throwable failure) {
        Throwable cause = unwrapped(failure);
        Optional<String> withoutLibrary = NativeCodecs.explanation(failure);
        if (withoutLibrary.isPresent()) {
            return withoutLibrary.get();
        }
        if (cause instanceof InvalidTimestampException) {
            return "the broker refuses the time that the record carries, since the clock of this machine differs from its own: set"
                    + " the clock, or set message.timestamp.type=LogAppendTime for the topic (" + cause.getMessage()
                    + ")";
        }
        if (cause instanceof AuthenticationException) {
            return described(cause) + (cause.getCause() == null ? "" : " (" + described(innermost(cause)) + ")");
        }
        if (cause instanceof AuthorizationException) {
            return described(cause) + "; this user lacks an ACL: docs/operate/security.md lists them";
        }
        return isTimeout(cause) ? "Kafka does not answer in time" : described(cause);
    }

    private static String described(Throwable failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    /** The innermost cause says which file, entry or certificate is wrong; the outer ones only that something is. */
    static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException
                        || cause instanceof CompletionException
                        || cause.getClass() == KafkaException.class)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
