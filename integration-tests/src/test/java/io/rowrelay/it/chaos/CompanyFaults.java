package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Fault.Target;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Signals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Several daemons of a kind: another producer that takes over, consumers that come and go, zombies that wake up late. */
final class CompanyFaults {
    private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(14);
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    private static final int MOST = 4;

    private CompanyFaults() {}

    static List<Fault> of(Fleet producers, Fleet consumers, String sourceUrl) {
        return List.of(
                new SimpleFault(
                        "second producer, first killed",
                        Target.PRODUCER,
                        producers::start,
                        () -> producers.kill(producers.first())),
                new SimpleFault(
                        "second producer, first stopped",
                        Target.PRODUCER,
                        producers::start,
                        () -> producers.stop(producers.first())),
                new Zombie(producers, Target.PRODUCER, Duration.ZERO, () -> cutOff(sourceUrl)),
                new Zombie(consumers, Target.CONSUMER, LONGER_THAN_A_SESSION, () -> {}),
                new Crowd(consumers, true),
                new Crowd(consumers, false));
    }

    /** The server takes the frozen one for gone. */
    private static void cutOff(String sourceUrl) {
        Databases.query(
                sourceUrl,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + ChaosDatabases.PRODUCER
                        + "'");
    }

    /** A daemon is frozen for so long that another takes its place, and wakes up. */
    private static final class Zombie implements Fault {
        private final Fleet fleet;
        private final Target target;
        private final Duration atLeast;
        private final Runnable whenFrozen;
        private Fleet.Member frozen;

        Zombie(Fleet fleet, Target target, Duration atLeast, Runnable whenFrozen) {
            this.fleet = fleet;
            this.target = target;
            this.atLeast = atLeast;
            this.whenFrozen = whenFrozen;
            this.frozen = fleet.first();
        }

        @Override
        public String name() {
            return fleet.kind() + " frozen and replaced";
        }

        @Override
        public Target target() {
            return target;
        }

        @Override
        public Duration atLeast() {
            return atLeast;
        }

        @Override
        public void inject() {
            frozen = fleet.first();
            // Another fault of the same round may keep it from getting ready at all.
            fleet.start().process().giveTimeToGetReady(LONGEST_START);
            Signals.suspend(frozen.process().pid());
            whenFrozen.run();
        }

        @Override
        public void heal() {
            Signals.resume(frozen.process().pid());
        }
    }

    /** One to three consumers more, which leave again. */
    private static final class Crowd implements Fault {
        private final Fleet fleet;
        private final boolean kindly;
        private final List<Fleet.Member> added = new ArrayList<>();
        private int wanted;

        Crowd(Fleet fleet, boolean kindly) {
            this.fleet = fleet;
            this.kindly = kindly;
        }

        @Override
        public String name() {
            return "consumers added and " + (kindly ? "stopped" : "killed");
        }

        @Override
        public Target target() {
            return Target.CONSUMER;
        }

        @Override
        public void inject() {
            added.clear();
            wanted = wanted % 3 + 1;
            while (added.size() < wanted && fleet.size() < MOST) {
                added.add(fleet.start());
            }
        }

        @Override
        public void heal() {
            added.forEach(kindly ? fleet::stop : fleet::kill);
        }
    }
}
