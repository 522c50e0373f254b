package io.rowrelay.admin.status;

import io.rowrelay.admin.command.Part;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How far a stream is. Three servers cannot be asked at one moment: the destination is asked first, then the topic, then the
 * source, so that what flows meanwhile never looks as if more were applied than published, or more published than captured.
 * Figures of a server that cannot be reached are left out; the others are shown.
 *
 * @param stream which
 * @param at by the clock of this machine
 * @param source the change table and the producer
 * @param topic the topic and the consumers
 * @param destination what is finished
 * @param letters what of that became dead letters, and which of these are open
 * @param oldestUnapplied the age of the oldest change that is in the topic and not applied, if there is one
 */
public record StatusReport(
        String stream,
        Instant at,
        Part<SourceStatus> source,
        Part<TopicStatus> topic,
        Part<DestinationStatus> destination,
        Part<DeadLetterCounts> letters,
        Optional<Duration> oldestUnapplied) {

    /** Looks at everything once. */
    public static StatusReport look(String stream, StreamView view, InstantSource clock) throws InterruptedException {
        // Connecting takes time; the questions that follow are milliseconds apart.
        Part.of(view::deadLetters, clock);
        Part.of(view::topic, clock);
        Part<DestinationStatus> destination = Part.of(view::destination, clock);
        Part<DeadLetterCounts> letters = Part.of(view::deadLetters, clock);
        Part<TopicStatus> topic = Part.of(view::topic, clock);
        Part<SourceStatus> source = Part.of(view::source, clock);
        StatusReport seen =
                new StatusReport(stream, clock.instant(), source, topic, destination, letters, Optional.empty());
        Instant now = source.seen().map(SourceStatus::now).orElse(seen.at());
        return new StatusReport(
                stream, seen.at(), source, topic, destination, letters, oldestUnapplied(seen.lag(), view, now));
    }

    private static Optional<Duration> oldestUnapplied(Optional<Lag> lag, StreamView view, Instant now)
            throws InterruptedException {
        if (lag.isEmpty() || lag.get().records() == 0) {
            return Optional.empty();
        }
        try {
            return view.oldestChange(lag.get().unapplied())
                    .map(changedAt -> Duration.between(changedAt, now))
                    .map(age -> age.isNegative() ? Duration.ZERO : age);
        } catch (OutageException unknown) {
            // The records are there all the same; only their age is unknown.
            return Optional.empty();
        }
    }

    /** How far the destination is behind the topic, when both were seen. */
    public Optional<Lag> lag() {
        return topic.seen().flatMap(facts -> destination.seen().map(applied -> Lag.of(facts, applied)));
    }

    /**
     * Records that took effect, or had none because the destination showed the same change or a newer one; without those that
     * became dead letters.
     */
    public Optional<Long> applied() {
        return lag().flatMap(lag -> letters.seen().map(dead -> Math.max(0, lag.finished() - dead.rejected())));
    }

    /** Why dead letters could not be counted, where that is not for the topic's or the destination's sake. */
    public Optional<String> deadLettersUncounted() {
        return topic.seen().isPresent() && destination.seen().isPresent() ? letters.why() : Optional.empty();
    }

    /** How far apart the servers were asked; empty where one was not reachable. */
    public Optional<Duration> spread() {
        return destination
                .when()
                .flatMap(first ->
                        topic.when().flatMap(seen -> source.when()).map(last -> Duration.between(first, last)));
    }

    /** Whether every part was seen. */
    public boolean complete() {
        return source.seen().isPresent()
                && topic.seen().isPresent()
                && destination.seen().isPresent()
                && letters.seen().isPresent();
    }
}
