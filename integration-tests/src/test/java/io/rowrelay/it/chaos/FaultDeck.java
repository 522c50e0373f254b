package io.rowrelay.it.chaos;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** The faults in a random order in which each comes once before any comes again. The seed alone decides. Used by one thread. */
final class FaultDeck {
    private final List<Fault> kinds;
    private final SplittableRandom random;
    private final boolean brief;
    private final Deque<Fault> deck = new ArrayDeque<>();
    private int shuffles;

    /** A fault and how long it lasts. */
    record Planned(Fault fault, Duration lasting) {
        @Override
        public String toString() {
            return "%s for %.1f s".formatted(fault.name(), lasting.toMillis() / 1000.0);
        }
    }

    /**
     * What happens at once, and after.
     *
     * @param faults one, or two that hit different things
     * @param watched whether the campaign waits until changes arrive again
     * @param kindly whether surplus daemons are then stopped, or killed
     * @param pause until the next
     */
    record Round(List<Planned> faults, boolean watched, boolean kindly, Duration pause) {}

    /** In a brief campaign no fault lasts for long. */
    FaultDeck(List<Fault> kinds, SplittableRandom random, boolean brief) {
        this.kinds = List.copyOf(kinds);
        this.random = random;
        this.brief = brief;
    }

    Round next() {
        List<Planned> faults = new ArrayList<>(List.of(plan(draw())));
        if (random.nextInt(4) == 0) {
            Fault other = draw();
            if (other.target() == faults.get(0).fault().target()) {
                deck.addLast(other);
            } else {
                faults.add(plan(other));
            }
        }
        return new Round(
                faults,
                random.nextInt(4) > 0,
                random.nextBoolean(),
                Duration.ofMillis(random.nextInt(brief ? 500 : 2_000)));
    }

    /** Whether each has come at least once. */
    boolean isThrough() {
        return shuffles > 0 && deck.isEmpty();
    }

    private Fault draw() {
        if (deck.isEmpty()) {
            shuffles++;
            List<Fault> shuffled = new ArrayList<>(kinds);
            Collections.shuffle(shuffled, new Random(random.nextLong()));
            deck.addAll(shuffled);
        }
        return deck.removeFirst();
    }

    /** Mostly a few seconds, sometimes longer than what clients wait for an answer. */
    private Planned plan(Fault fault) {
        int dice = random.nextInt(100);
        int millis = brief || dice < 83
                ? random.nextInt(500, brief ? 3_000 : 6_000)
                : dice < 97 ? random.nextInt(6_000, 18_000) : random.nextInt(30_000, 60_000);
        return new Planned(
                fault, Duration.ofMillis(Math.max(millis, fault.atLeast().toMillis())));
    }
}
