package io.rowrelay.common.http;

import io.micrometer.core.instrument.Gauge;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Mistake;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a daemon's health and metrics. Has threads of its own, so that it answers whatever the daemon does; a connection is for
 * one request, has one thread, and ends after some seconds at most. The server of the JDK has no bound that a client cannot use
 * to keep others out: see {@link Connections}.
 */
public final class HttpEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final int BACKLOG = 256;
    private static final int ROUND_MILLIS = 1000;
    private static final int LARGEST_BODY_BYTES = 1 << 20;

    private final ServerSocket server;
    private final Pages pages;
    private final Optional<ServerTls> tls;
    private final Connections connections = new Connections(System::nanoTime);
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> thread(work, "http"));

    private HttpEndpoint(ServerSocket server, Pages pages, Optional<ServerTls> tls) {
        this.server = server;
        this.pages = pages;
        this.tls = tls;
    }

    /**
     * Listens and serves from now on.
     *
     * @param role what the daemon is called
     * @throws InvalidSettingsException if the address is unknown or the port is taken
     */
    public static HttpEndpoint open(HttpSettings settings, String role, Health health, Metrics metrics) {
        Gauge.builder("rowrelay.ready", health, state -> state.state().ready() ? 1 : 0)
                .description("1 while the daemon works; otherwise /health/ready says why not")
                .register(metrics.registry());
        Gauge.builder(
                        "rowrelay.not.ready.seconds",
                        health,
                        state -> state.notReadyFor().toMillis() / 1000.0)
                .description("How long the daemon has not been ready; 0 while it works")
                .register(metrics.registry());
        Optional<ServerTls> tls = settings.tls().map(ServerTls::open);
        ServerSocket server = listen(settings, role);
        HttpEndpoint endpoint = new HttpEndpoint(server, new Pages(settings, role, health, metrics), tls);
        thread(endpoint::accept, "http-accept").start();
        LOG.info("http endpoint open host={} port={} tls={}", settings.host(), endpoint.port(), tls.isPresent());
        if (settings.access().token().isPresent()
                && tls.isEmpty()
                && !server.getInetAddress().isLoopbackAddress()) {
            LOG.warn(
                    "HTTP_TOKEN is read by anybody on the way: the HTTP endpoint listens beyond the loopback without {}",
                    HttpSettings.TLS_CERTIFICATE);
        }
        return endpoint;
    }

    /** The port that is listened on. */
    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException isClosedAllTheSame) {
            LOG.debug("closing", isClosedAllTheSame);
        }
        connections.closeAll();
        threads.shutdownNow();
    }

    private static ServerSocket listen(HttpSettings settings, String role) {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        if (address.isUnresolved()) {
            throw mistake("HTTP_HOST", settings.host(), "the host is unknown", "name an address of this machine");
        }
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.setSoTimeout(ROUND_MILLIS);
            server.bind(address, BACKLOG);
            return server;
        } catch (IOException refused) {
            throw mistake(
                    HttpSettings.PORT,
                    Integer.toString(settings.port()),
                    "cannot listen on " + settings.host() + ": " + refused.getMessage(),
                    "free the port, or choose another with " + HttpSettings.PORT + " or "
                            + HttpSettings.ownName(role, HttpSettings.PORT) + "; 0 is any free one");
        }
    }

    private static InvalidSettingsException mistake(String name, String value, String problem, String remedy) {
        return new InvalidSettingsException(new Mistake("HTTP endpoint", name, value, problem, remedy));
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connections.closeOverdue();
                Socket socket = server.accept();
                connections.add(socket);
                SSLSocketFactory secure = tls.map(ServerTls::current).orElse(null);
                threads.execute(() -> serve(socket, secure));
            } catch (SocketTimeoutException nobodyCame) {
                LOG.trace("nobody came", nobodyCame);
            } catch (IOException | RuntimeException failure) {
                if (!server.isClosed()) {
                    LOG.warn("http endpoint accepts no connection", failure);
                    pause();
                }
            }
        }
    }

    /** Without files or threads left each attempt fails at once. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ROUND_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket accepted, @Nullable SSLSocketFactory secure) {
        try (accepted;
                Socket socket = secure == null ? accepted : ServerTls.over(accepted, secure)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Optional<Request> request = Request.read(in);
            send(
                    socket.getOutputStream(),
                    answer(request),
                    request.filter(Request::isHead).isPresent());
            if (request.filter(Request::isToRead).isEmpty()) {
                // Unread, a body makes the connection end with a reset, which can overtake the answer.
                socket.shutdownOutput();
                in.skipNBytes(LARGEST_BODY_BYTES);
            }
        } catch (IOException gone) {
            LOG.debug("a client has gone, or took too long", gone);
        } finally {
            connections.remove(accepted);
        }
    }

    private Answer answer(Optional<Request> request) {
        if (request.isEmpty()) {
            return Answer.text(400, "Bad request.");
        }
        if (!request.get().isToRead()) {
            return Answer.text(405, "Method not allowed. Only GET and HEAD are.")
                    .with("Allow", "GET, HEAD");
        }
        try {
            return pages.get(request.get());
        } catch (RuntimeException failure) {
            LOG.warn("http page failed", failure);
            return Answer.text(500, "Internal error; the log says more.");
        }
    }

    private static void send(OutputStream out, Answer answer, boolean head) throws IOException {
        byte[] body = answer.bytes();
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        headers.put("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        headers.put("Content-Type", answer.contentType());
        headers.put("Content-Length", Integer.toString(body.length));
        headers.put("Cache-Control", "no-store");
        headers.put("Connection", "close");
        StringBuilder text = new StringBuilder(answer.statusLine()).append("\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!head) {
            out.write(body);
        }
        out.flush();
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
