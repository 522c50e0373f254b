package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.Link;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A daemon dies with its hands full: what it has read goes nowhere, and then it is killed. */
final class KilledInOutage implements Fault {
    private static final long READING_ON_MILLIS = 1_500;

    private final Fleet fleet;
    private final Target target;
    private final Link link;

    /** The link leads to where the daemon writes. */
    KilledInOutage(Fleet fleet, Target target, Link link) {
        this.fleet = fleet;
        this.target = target;
        this.link = link;
    }

    @Override
    public String name() {
        return fleet.kind() + " killed while it cannot write";
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public void inject() {
        link.stall();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(READING_ON_MILLIS));
        fleet.kill(fleet.first());
        link.dropConnections();
    }

    @Override
    public void heal() {
        link.heal();
        fleet.start();
    }
}
