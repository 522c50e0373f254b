package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Fault.Target;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Signals;
import io.rowrelay.sandbox.stack.BrokerProcess;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The servers and the broker are restarted, killed, and frozen. */
final class ServerFaults {
    private ServerFaults() {}

    static List<Fault> of(LinkedStack stack) {
        List<Fault> faults = new ArrayList<>();
        faults.addAll(of("source", Target.SOURCE, stack.source()));
        faults.addAll(of("destination", Target.DESTINATION, stack.destination()));
        if (stack.brokers().size() == 1) {
            faults.addAll(of(stack.broker()));
        }
        return faults;
    }

    private static List<Fault> of(String name, Target target, PostgresServer server) {
        return List.of(
                new SimpleFault(name + " restarted", target, server::restart, () -> {}),
                new SimpleFault(name + " stopped", target, server::stop, server::start),
                new SimpleFault(name + " killed", target, server::kill, server::start),
                new Freeze(name, target, server::processes));
    }

    private static List<Fault> of(BrokerProcess broker) {
        return List.of(
                new SimpleFault("broker restarted", Target.BROKER, broker::restart, () -> {}),
                new SimpleFault("broker stopped", Target.BROKER, broker::stop, broker::start),
                new SimpleFault("broker killed", Target.BROKER, broker::kill, broker::start),
                new Freeze("broker", Target.BROKER, () -> List.of(broker.pid())));
    }

    /** SIGSTOP to every process of a server, and SIGCONT. */
    private static final class Freeze implements Fault {
        private final String name;
        private final Target target;
        private final Supplier<List<Long>> processes;
        private List<Long> frozen = List.of();

        private Freeze(String name, Target target, Supplier<List<Long>> processes) {
            this.name = name + " frozen";
            this.target = target;
            this.processes = processes;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Target target() {
            return target;
        }

        @Override
        public void inject() {
            // The main process first, so that it starts no further ones.
            Signals.suspend(processes.get().get(0));
            frozen = processes.get();
            Signals.suspendAll(frozen);
        }

        @Override
        public void heal() {
            Signals.resumeAll(frozen);
        }
    }
}
