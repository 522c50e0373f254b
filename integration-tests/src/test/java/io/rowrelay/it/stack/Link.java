package io.rowrelay.it.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way from a client to a server of this machine, through a port of its own, that can be cut, stalled and healed. Safe
 * for any thread.
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

    private final int port;
    private final int serverPort;
    private final Protocol protocol;
    private final Set<LinkConnection> connections = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate();
    private @Nullable ServerSocket listening;
    private @Nullable Thread accepting;

    /** Takes a free port for the server on {@code serverPort}, which need not be up; open from the start. */
    public Link(int serverPort, Protocol protocol) {
        this.serverPort = serverPort;
        this.protocol = protocol;
        ServerSocket first = listen(0);
        this.port = first.getLocalPort();
        accept(first);
    }

    /** A link that carries bytes and is cut from the start. */
    public static Link cutTo(int serverPort) {
        Link link = new Link(serverPort, Protocol.BYTES);
        link.cut();
        return link;
    }

    /** The port to connect to; it stays the same. */
    public int port() {
        return port;
    }

    /** Ends every connection and refuses new ones. */
    public synchronized void cut() {
        ServerSocket open = listening;
        listening = null;
        closeQuietly(open);
        // Until nobody accepts any more the system lets clients in.
        awaitEnd(accepting);
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
        if (listening == null) {
            accept(listen(port));
        }
    }

    private void requireKafka() {
        if (protocol != Protocol.KAFKA) {
            throw new IllegalStateException("this link does not know Kafka's protocol");
        }
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot listen on port " + port, failure);
        }
    }

    private synchronized void accept(ServerSocket server) {
        listening = server;
        accepting = LinkConnection.daemon("link-" + port, () -> {
            while (true) {
                connect(server.accept());
            }
        });
    }

    private void connect(Socket client) throws IOException {
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

    private static void awaitEnd(@Nullable Thread thread) {
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(@Nullable ServerSocket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        cut();
        gate.open();
    }
}
