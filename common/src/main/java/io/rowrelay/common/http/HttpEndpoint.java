package io.rowrelay.common.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Gauge;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Mistake;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a daemon's health and metrics. Has threads of its own, so that it answers whatever the daemon does; a client that
 * sends or reads slowly holds one of them for some seconds at most.
 */
public final class HttpEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final int MOST_THREADS = 64;
    private static final int MOST_WAITING = 1024;
    private static final int LARGEST_BODY_BYTES = 1 << 20;
    private static final long IDLE_THREAD_SECONDS = 10;

    static {
        // The server knows these limits only as properties of the system, read when its classes are loaded.
        limit("sun.net.httpserver.maxReqTime", "5");
        limit("sun.net.httpserver.maxRspTime", "10");
        limit("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Pages pages;

    private HttpEndpoint(HttpServer server, ExecutorService threads, Pages pages) {
        this.server = server;
        this.threads = threads;
        this.pages = pages;
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
        HttpServer server = listen(settings, role);
        HttpEndpoint endpoint = new HttpEndpoint(server, newThreads(), new Pages(settings, role, health, metrics));
        server.setExecutor(endpoint.threads);
        server.createContext("/", endpoint::handle);
        server.start();
        LOG.info("http endpoint open host={} port={}", settings.host(), endpoint.port());
        return endpoint;
    }

    /** The port that is listened on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static HttpServer listen(HttpSettings settings, String role) {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        if (address.isUnresolved()) {
            throw mistake("HTTP_HOST", settings.host(), "the host is unknown", "name an address of this machine");
        }
        try {
            return HttpServer.create(address, 0);
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

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean head = method.equals("HEAD");
            if (head || method.equals("GET")) {
                String accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"))
                        .orElse("");
                send(exchange, answer(exchange.getRequestURI().getPath(), accept), head);
            } else {
                // Unread, a body makes the connection end with a reset, which can overtake the answer.
                exchange.getRequestBody().readNBytes(LARGEST_BODY_BYTES);
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, Answer.text(405, "Method not allowed. Only GET and HEAD are."), false);
            }
        }
    }

    private Answer answer(String path, String accept) {
        try {
            return pages.get(path, accept);
        } catch (RuntimeException failure) {
            LOG.warn("http page failed path={}", path, failure);
            return Answer.text(500, "Internal error; the log says more.");
        }
    }

    private static void send(HttpExchange exchange, Answer answer, boolean head) throws IOException {
        byte[] body = answer.bytes();
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    private static ExecutorService newThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                work -> {
                    Thread thread = new Thread(work, "http");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
