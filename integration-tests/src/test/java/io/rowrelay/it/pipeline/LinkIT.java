package io.rowrelay.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.it.stack.Link;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the fault tests rely on. */
@Timeout(60)
class LinkIT {
    private ServerSocket echo = listen();
    private Link link = new Link(echo.getLocalPort(), Link.Protocol.BYTES);

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @BeforeEach
    void echo() {
        Thread server = new Thread(() -> {
            try {
                while (true) {
                    Socket socket = echo.accept();
                    Thread answering = new Thread(() -> answer(socket));
                    answering.setDaemon(true);
                    answering.start();
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        server.setDaemon(true);
        server.start();
    }

    private static void answer(Socket socket) {
        try (socket;
                InputStream in = socket.getInputStream()) {
            in.transferTo(socket.getOutputStream());
        } catch (IOException closed) {
            // The client has gone.
        }
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        echo.close();
    }

    @Test
    void carries_both_ways() throws IOException {
        try (Socket client = connect()) {
            assertThat(answerTo(client, 'a')).isEqualTo('a');
        }
    }

    @Test
    void a_cut_ends_connections_and_refuses_new_ones_until_healed() throws IOException {
        try (Socket client = connect()) {
            assertThat(answerTo(client, 'a')).isEqualTo('a');
            link.cut();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);

        link.heal();
        try (Socket client = connect()) {
            assertThat(answerTo(client, 'b')).isEqualTo('b');
        }
    }

    @Test
    void a_stalled_connection_stays_open_and_goes_on_when_healed() throws IOException {
        try (Socket client = connect()) {
            assertThat(answerTo(client, 'a')).isEqualTo('a');
            link.stall();
            assertThatThrownBy(() -> answerTo(client, 'b')).isInstanceOf(SocketTimeoutException.class);
            link.heal();
            assertThat(client.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void an_abandoned_connection_is_dead_for_ever_while_new_ones_work() throws IOException {
        try (Socket old = connect()) {
            assertThat(answerTo(old, 'a')).isEqualTo('a');
            link.abandonConnections();
            assertThatThrownBy(() -> answerTo(old, 'b')).isInstanceOf(SocketTimeoutException.class);
            link.heal();
            try (Socket client = connect()) {
                assertThat(answerTo(client, 'c')).isEqualTo('c');
            }
            assertThatThrownBy(() -> answerTo(old, 'd')).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), link.port());
        client.setSoTimeout(500);
        return client;
    }

    private static int answerTo(Socket client, int request) throws IOException {
        client.getOutputStream().write(request);
        return client.getInputStream().read();
    }
}
