package io.rowrelay.admin.status;

import io.rowrelay.admin.look.DestinationFacts;
import io.rowrelay.admin.look.Reckoning;
import io.rowrelay.admin.look.SourceFacts;
import io.rowrelay.admin.look.TopicFacts;
import io.rowrelay.admin.look.Views;
import io.rowrelay.common.runtime.TransientFailureException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How far a stream is, as it looked at one moment. What is out of reach is left open; the rest is told.
 *
 * @param stream which
 * @param at by the clock of this machine
 * @param source the change table and the producer
 * @param topic the topic and the consumers
 * @param destination what is applied
 * @param oldestUnapplied the age of the oldest change that is in the topic and not applied, if there is one
 */
public record StatusReport(
        String stream,
        Instant at,
        Part<SourceFacts> source,
        Part<TopicFacts> topic,
        Part<DestinationFacts> destination,
        Optional<Duration> oldestUnapplied) {

    /** Looks at everything once. */
    public static StatusReport look(String stream, Views views, InstantSource clock) throws InterruptedException {
        Part<SourceFacts> source = Part.of(views.source());
        Part<TopicFacts> topic = Part.of(views.topic());
        Part<DestinationFacts> destination = Part.of(views.destination());
        if (topic.seen().isPresent()) {
            // Once more: to connect took time, and what was applied meanwhile must not look as if the topic never held
            // it.
            topic = Part.of(views.topic());
        }
        StatusReport seen = new StatusReport(stream, clock.instant(), source, topic, destination, Optional.empty());
        Instant now = source.seen().map(SourceFacts::now).orElse(seen.at());
        return new StatusReport(
                stream, seen.at(), source, topic, destination, oldestUnapplied(seen.reckoning(), views, now));
    }

    private static Optional<Duration> oldestUnapplied(Optional<Reckoning> reckoning, Views views, Instant now)
            throws InterruptedException {
        if (reckoning.isEmpty() || reckoning.get().lag() == 0) {
            return Optional.empty();
        }
        try {
            return views.topic()
                    .oldestChange(reckoning.get().unapplied())
                    .map(changedAt -> Duration.between(changedAt, now))
                    .map(age -> age.isNegative() ? Duration.ZERO : age);
        } catch (TransientFailureException unknown) {
            // The records are there all the same; only their age is not told.
            return Optional.empty();
        }
    }

    /** The topic held against the destination, when both were seen. */
    public Optional<Reckoning> reckoning() {
        return topic.seen().flatMap(facts -> destination.seen().map(applied -> Reckoning.of(facts, applied)));
    }

    /** Whether every part was seen. */
    public boolean complete() {
        return source.seen().isPresent()
                && topic.seen().isPresent()
                && destination.seen().isPresent();
    }
}
