package dev.reseat.api.rest.passthrough;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpCalls;
import dev.reseat.api.rest.NoAuth;
import dev.reseat.api.rest.RestConfig;
import dev.reseat.api.rest.RestServer;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.passthrough.RawUpstream.Received;
import dev.reseat.api.store.StoreException;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Our server in front of one that shows what it is sent. */
final class FrontFixture implements AutoCloseable {
    static final String ACTION = "/v3/0a/volumes/v1/action";
    static final String RESET = "{\"os-reset_status\": {\"status\": \"error\"}}";

    /** Bodies that our own API was given. */
    final BlockingQueue<String> served = new LinkedBlockingQueue<>();
    final RawUpstream behind;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RestServer server;
    final HttpCalls http;

    FrontFixture() throws IOException {
        this(new RawUpstream(), 600);
    }

    /** @param timeout seconds */
    FrontFixture(RawUpstream behind, int timeout) {
        this(behind, behind.port(), timeout);
    }

    /** @param port where ours looks for it */
    FrontFixture(RawUpstream behind, int port, int timeout) {
        this(behind, port, "cinder_api_timeout = " + timeout);
    }

    /** @param settings more of {@code [reseat]}, and of what comes after it */
    FrontFixture(RawUpstream behind, String settings) {
        this(behind, behind.port(), settings);
    }

    private FrontFixture(RawUpstream behind, int port, String settings) {
        this.behind = behind;
        server = new RestServer(
                Settings.parse("[api]\nauth_strategy = noauth\nport = 0\n[reseat]\ncinder_api = http://127.0.0.1:"
                        + port + "/v3/\n" + settings).checked(RestConfig::from),
                new NoAuth(), meters, Set.of(this::register));
        server.start();
        http = new HttpCalls(server.port(), "X-Auth-Token", "u:0a");
    }

    private void register(Routes routes) {
        routes.post(Api.CINDER, "/volumes/{id}/action", exchange -> take(exchange, 202))
                .get(Api.RESEAT, "/things", exchange -> take(exchange, 200));
    }

    private void take(Exchange exchange, int status) {
        if (exchange.query().has("broken")) {
            throw new StoreException.Unavailable("no database", new IOException("scripted"));
        }
        served.add(exchange.body().toString());
        exchange.json(status, Map.of("by", "us"));
    }

    /** The next request that goes on. */
    Received received() throws InterruptedException {
        Received request = behind.received().poll(20, SECONDS);
        assertThat(request).as("a request that goes on").isNotNull();
        return request;
    }

    /** Returns when so many requests have been counted: an answer may be there before. */
    void awaitCounted(long requests) {
        long end = System.nanoTime() + SECONDS.toNanos(20);
        while (meters.find("http.server.requests").timers().stream().mapToLong(Timer::count).sum() < requests) {
            assertThat(System.nanoTime()).as(meters.getMetersAsString()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    /** All that comes back on a connection of its own. */
    String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            RawUpstream.write(socket.getOutputStream(), request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(20, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    static void readUntil(InputStream in, String text) throws IOException {
        var seen = new StringBuilder();
        while (!seen.toString().contains(text)) {
            int next = in.read();
            assertThat(next).as("after " + seen).isNotNegative();
            seen.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
        server.stop();
        behind.close();
    }
}
