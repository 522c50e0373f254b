package io.rowrelay.it.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way from a client to a server of this machine, or to the servers of a cluster, through a port of its own for each, that can
 * be cut, stalled and healed. Safe for any thread.
 *
 * <p>A stalled link is what a lost network looks like to both ends: connections, also new ones, stay open and carry
 * nothing. An abandoned connection is what a failed-over router leaves: half-open for ever, while new ones work.
 */
public final class Link implements AutoCloseable {
    /** What a link understands of what it carries. */
    public enum Protocol {
        /** Nothing: bytes. */
        BYTES,
        /** Requests of Kafka's protocol, which can be held back by their kind. */
        KAFKA
    }

    private final List<LinkDoor> doors;
    private final Protocol protocol;
    private final Set<LinkConnection> connections = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate();

    /** Takes a free port for the server on {@code serverPort}, which need not be up; open from the start. */
    public Link(int serverPort, Protocol protocol) {
        this(List.of(serverPort), protocol);
    }

    /** Takes a free port for each of the servers, in their order. */
    public Link(List<Integer> serverPorts, Protocol protocol) {
        this.protocol = protocol;
        this.doors = serverPorts.stream()
                .map(serverPort -> new LinkDoor(client -> connect(client, serverPort)))
                .toList();
    }

    /** A link that carries bytes and is cut from the start. */
    public static Link cutTo(int serverPort) {
        Link link = new Link(serverPort, Protocol.BYTES);
        link.cut();
        return link;
    }

    /** The port to connect to, the first of them; it stays the same. */
    public int port() {
        return doors.get(0).port();
    }

    /** The ports to connect to, in the order of the servers; they stay the same. */
    public List<Integer> ports() {
        return doors.stream().map(LinkDoor::port).toList();
    }

    /** Ends every connection and refuses new ones. */
    public synchronized void cut() {
        doors.forEach(LinkDoor::close);
        dropConnections();
    }

    /** Ends every connection; new ones work. */
    public void dropConnections() {
        connections.forEach(LinkConnection::close);
    }

    /** Carries nothing from now on, in neither direction; connections, also new ones, are open. */
    public void stall() {
        gate.stall(true, true);
    }

    /** Carries nothing that a client sends; what the server sends arrives. */
    public void stallRequests() {
        gate.stall(true, false);
    }

    /** Carries nothing that the server sends; what a client sends arrives. */
    public void stallReplies() {
        gate.stall(false, true);
    }

    /** Leaves the connections there are open and dead for ever; new ones work. */
    public void abandonConnections() {
        connections.forEach(LinkConnection::abandon);
    }

    /** Lets the server end the abandoned connections, as its keep-alives would; the clients hear nothing of it. */
    public void giveUpAbandoned() {
        connections.forEach(LinkConnection::giveUpIfAbandoned);
    }

    /** Holds back Kafka requests with one of these API keys, and what follows them on their connection. */
    public void holdRequests(Integer... apiKeys) {
        requireKafka();
        gate.holdRequests(Set.of(apiKeys));
    }

    /** Lets Kafka requests with one of these API keys pass, but nothing that the server says on their connection after. */
    public void holdRepliesTo(Integer... apiKeys) {
        requireKafka();
        gate.holdReplies(Set.of(apiKeys));
    }

    /** Holds back what carries this text, and what follows it on its connection; for statements that are no longer than a packet. */
    public void holdRequestsWith(String text) {
        gate.holdText(text);
    }

    /** How many requests were or are held back, or their replies, since the last {@link #heal}. */
    public int held() {
        return gate.held();
    }

    /** Carries everything again, what was held back first; accepts connections again. */
    public synchronized void heal() {
        gate.open();
        doors.forEach(LinkDoor::open);
    }

    private void requireKafka() {
        if (protocol != Protocol.KAFKA) {
            throw new IllegalStateException("this link does not know Kafka's protocol");
        }
    }

    private void connect(Socket client, int serverPort) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        } catch (IOException unreachable) {
            client.close();
            return;
        }
        LinkConnection connection = new LinkConnection(client, server, gate, connections::remove);
        connections.add(connection);
        connection.start(protocol);
    }

    @Override
    public void close() {
        cut();
        gate.open();
    }
}
