package io.rowrelay.it.stack;

import io.rowrelay.it.stack.Link.Protocol;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** One connection over a link: a socket to either end and a thread for either direction. Safe for any thread. */
final class LinkConnection {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int LARGEST_REQUEST_BYTES = 128 << 20;

    private final Socket client;
    private final Socket server;
    private final Gate gate;
    private final Consumer<LinkConnection> ended;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean abandoned;
    private volatile boolean repliesHeld;

    LinkConnection(Socket client, Socket server, Gate gate, Consumer<LinkConnection> ended) {
        this.client = client;
        this.server = server;
        this.gate = gate;
        this.ended = ended;
    }

    void start(Protocol protocol) {
        switch (protocol) {
            case BYTES -> daemon("link-requests", () -> carry(client, server, gate::passRequest));
            case KAFKA -> daemon("link-requests", this::carryRequests);
        }
        daemon("link-replies", () -> carry(server, client, (chunk, length) -> gate.passReply(this)));
    }

    boolean repliesHeld() {
        return repliesHeld;
    }

    void abandon() {
        abandoned = true;
    }

    void giveUpIfAbandoned() {
        if (abandoned) {
            closeQuietly(server);
        }
    }

    /** What lets something pass, when it may. */
    @FunctionalInterface
    private interface Pass {
        void await(byte[] chunk, int length) throws InterruptedException;
    }

    private void carry(Socket from, Socket to, Pass pass) throws IOException, InterruptedException {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                pass.await(chunk, read);
                restIfAbandoned();
                out.write(chunk, 0, read);
            }
        } finally {
            hangUp();
        }
    }

    /** A request: its size in four bytes, then so many, of which the first two are the API key. */
    private void carryRequests() throws IOException, InterruptedException {
        try {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = server.getOutputStream();
            for (int size = in.readInt(); size >= Short.BYTES && size <= LARGEST_REQUEST_BYTES; size = in.readInt()) {
                byte[] request = in.readNBytes(size);
                if (gate.passRequest(ByteBuffer.wrap(request).getShort())) {
                    repliesHeld = true;
                }
                restIfAbandoned();
                out.write(ByteBuffer.allocate(Integer.BYTES).putInt(size).array());
                out.write(request);
            }
        } finally {
            hangUp();
        }
    }

    private void restIfAbandoned() throws InterruptedException {
        if (abandoned) {
            closed.await();
        }
    }

    /** One end has closed. The other does not hear of it over an abandoned connection. */
    private void hangUp() throws InterruptedException {
        restIfAbandoned();
        close();
    }

    void close() {
        closed.countDown();
        closeQuietly(client);
        closeQuietly(server);
        ended.accept(this);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Nothing is left to close.
        }
    }

    /** Work that ends with its sockets. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    static Thread daemon(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // One of the two ends has hung up.
                    } catch (InterruptedException ending) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
