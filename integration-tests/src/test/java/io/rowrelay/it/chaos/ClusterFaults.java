package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Fault.Target;
import io.rowrelay.it.stack.Brokers;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Signals;
import io.rowrelay.sandbox.stack.BrokerProcess;
import java.util.List;
import java.util.function.Supplier;

/** What happens to a cluster of three brokers. Used by one thread. */
final class ClusterFaults {
    private ClusterFaults() {}

    /** All of them; what a fault takes from the topic is added to the losses. */
    static List<Fault> of(LinkedStack stack, String topic, Losses losses) {
        Brokers brokers = new Brokers(stack);
        return List.of(
                new SimpleFault(
                        "brokers restarted in turn", Target.BROKER, () -> brokers.restartInTurn(topic), () -> {}),
                killed("leading broker killed", brokers, () -> brokers.leader(topic)),
                killed("controller killed", brokers, brokers::controller),
                new Frozen(() -> brokers.leader(topic)),
                new SimpleFault("two of three brokers killed", Target.BROKER, brokers::killTwo, brokers::startAll),
                new SimpleFault(
                        "tail of the topic lost",
                        Target.BROKER,
                        () -> losses.add(brokers.loseTail(topic, () -> {})),
                        () -> {}));
    }

    private static Fault killed(String name, Brokers brokers, Supplier<BrokerProcess> which) {
        return new SimpleFault(name, Target.BROKER, () -> which.get().kill(), brokers::startAll);
    }

    /** SIGSTOP to the broker that leads, and SIGCONT. */
    private static final class Frozen implements Fault {
        private final Supplier<BrokerProcess> which;
        private long pid;

        private Frozen(Supplier<BrokerProcess> which) {
            this.which = which;
        }

        @Override
        public String name() {
            return "leading broker frozen";
        }

        @Override
        public Target target() {
            return Target.BROKER;
        }

        @Override
        public void inject() {
            pid = which.get().pid();
            Signals.suspend(pid);
        }

        @Override
        public void heal() {
            Signals.resume(pid);
        }
    }
}
