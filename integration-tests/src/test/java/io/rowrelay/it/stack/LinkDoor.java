package io.rowrelay.it.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** One port of a link, which accepts clients while it is open. Safe for any thread. */
final class LinkDoor {
    /** What happens to a client that came in. */
    interface Visitor {
        void accept(Socket client) throws IOException;
    }

    private final Visitor visitor;
    private final int port;
    private @Nullable ServerSocket listening;
    private @Nullable Thread accepting;

    /** Takes a free port; open from the start. */
    LinkDoor(Visitor visitor) {
        this.visitor = visitor;
        ServerSocket first = listen(0);
        this.port = first.getLocalPort();
        accept(first);
    }

    /** It stays the same. */
    int port() {
        return port;
    }

    /** Accepts clients again. */
    synchronized void open() {
        if (listening == null) {
            accept(listen(port));
        }
    }

    /** Accepts nobody any more. */
    synchronized void close() {
        try {
            if (listening != null) {
                listening.close();
                listening = null;
            }
            // Until nobody accepts any more the system lets clients in.
            if (accepting != null) {
                accepting.join();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
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

    private void accept(ServerSocket server) {
        listening = server;
        accepting = LinkConnection.daemon("link-" + port, () -> {
            while (true) {
                visitor.accept(server.accept());
            }
        });
    }
}
