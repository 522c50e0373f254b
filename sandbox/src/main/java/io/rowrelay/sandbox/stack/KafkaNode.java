package io.rowrelay.sandbox.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * One node of a KRaft cluster, broker and controller in one.
 *
 * @param id its number, from 1
 * @param clusterId the id that all nodes of the cluster share
 * @param controllerPorts the controllers' ports, that of node 1 first
 */
record KafkaNode(int id, String clusterId, List<Integer> controllerPorts) {
    KafkaNode {
        controllerPorts = List.copyOf(controllerPorts);
    }

    /** The nodes of a new cluster. */
    static List<KafkaNode> cluster(int size) {
        String clusterId = Uuid.randomUuid().toString();
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < size) {
            int port = Ports.anyFree();
            if (!ports.contains(port)) {
                ports.add(port);
            }
        }
        return IntStream.rangeClosed(1, size)
                .mapToObj(id -> new KafkaNode(id, clusterId, ports))
                .toList();
    }

    /** Whether there is no other node. */
    boolean isAlone() {
        return controllerPorts.size() == 1;
    }

    int controllerPort() {
        return controllerPorts.get(id - 1);
    }

    /** The value of {@code controller.quorum.voters}. */
    String voters() {
        return IntStream.rangeClosed(1, controllerPorts.size())
                .mapToObj(each -> each + "@" + Ports.LOOPBACK + ":" + controllerPorts.get(each - 1))
                .collect(Collectors.joining(","));
    }

    /** The words by which a command line names the node. */
    List<String> arguments() {
        return List.of(
                Integer.toString(id),
                clusterId,
                controllerPorts.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    /** The node that {@link #arguments} names. */
    static KafkaNode of(List<String> arguments) {
        return new KafkaNode(
                Integer.parseInt(arguments.get(0)),
                arguments.get(1),
                List.of(arguments.get(2).split(",")).stream()
                        .map(Integer::valueOf)
                        .toList());
    }
}
