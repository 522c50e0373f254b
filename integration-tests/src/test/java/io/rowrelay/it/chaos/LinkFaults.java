package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Fault.Target;
import io.rowrelay.it.stack.Link;
import io.rowrelay.it.stack.LinkedStack;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Each of the four ways is cut, loses its connections, stalls both ways or one way, or is abandoned half-open. */
final class LinkFaults {
    private LinkFaults() {}

    static List<Fault> of(LinkedStack stack) {
        List<Fault> faults = new ArrayList<>();
        faults.addAll(of("source-producer", Target.SOURCE, stack.sourceToProducer()));
        faults.addAll(of("producer-broker", Target.BROKER, stack.producerToBroker()));
        faults.addAll(of("broker-consumer", Target.BROKER, stack.brokerToConsumer()));
        faults.addAll(of("consumer-destination", Target.DESTINATION, stack.consumerToDestination()));
        return faults;
    }

    private static List<Fault> of(String way, Target target, Link link) {
        return List.of(
                fault(way + " cut", target, link, Link::cut, Link::heal),
                fault(way + " dropped", target, link, Link::dropConnections, Link::heal),
                fault(way + " stalled", target, link, Link::stall, Link::heal),
                fault(way + " stalled to the server", target, link, Link::stallRequests, Link::heal),
                fault(way + " stalled to the client", target, link, Link::stallReplies, Link::heal),
                // By then the server's keep-alives have told it that the client is gone; the client knows nothing yet.
                fault(way + " half-open", target, link, Link::abandonConnections, Link::giveUpAbandoned));
    }

    private static Fault fault(
            String name, Target target, Link link, Consumer<Link> injection, Consumer<Link> healing) {
        return new SimpleFault(name, target, () -> injection.accept(link), () -> healing.accept(link));
    }
}
