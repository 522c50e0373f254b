package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.Signals;
import java.util.function.BiConsumer;

/** The first daemon of a fleet is ended or frozen, and started again or let go on. */
final class DaemonFault implements Fault {
    private final String what;
    private final Fleet fleet;
    private final BiConsumer<Fleet, Fleet.Member> injection;
    private final BiConsumer<Fleet, Fleet.Member> healing;
    private Fleet.Member hit;

    private DaemonFault(
            String what,
            Fleet fleet,
            BiConsumer<Fleet, Fleet.Member> injection,
            BiConsumer<Fleet, Fleet.Member> healing) {
        this.what = what;
        this.fleet = fleet;
        this.injection = injection;
        this.healing = healing;
        this.hit = fleet.first();
    }

    /** kill -9. */
    static Fault kill(Fleet fleet) {
        return new DaemonFault("killed", fleet, Fleet::kill, (all, hit) -> all.start());
    }

    /** SIGTERM. */
    static Fault stop(Fleet fleet) {
        return new DaemonFault("stopped", fleet, Fleet::stop, (all, hit) -> all.start());
    }

    /** SIGSTOP and SIGCONT. */
    static Fault freeze(Fleet fleet) {
        return new DaemonFault(
                "frozen",
                fleet,
                (all, hit) -> Signals.suspend(hit.process().pid()),
                (all, hit) -> Signals.resume(hit.process().pid()));
    }

    @Override
    public String name() {
        return fleet.kind() + " " + what;
    }

    @Override
    public Target target() {
        return fleet.kind().equals("producer") ? Target.PRODUCER : Target.CONSUMER;
    }

    @Override
    public void inject() {
        hit = fleet.first();
        injection.accept(fleet, hit);
    }

    @Override
    public void heal() {
        healing.accept(fleet, hit);
    }
}
