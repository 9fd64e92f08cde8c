package dev.reseat.api.rest;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers who hold what they have got, on real connections: the others are served. */
class SlowCallersTest {
    private static final String[] ADDRESSES = {"127.0.0.1", "127.0.0.2", "127.0.0.3"};

    private final List<Socket> sockets = new ArrayList<>();
    private RestServer server;

    @BeforeEach
    void start() {
        server = new RestServer(
                RestConfig.from(Settings.parse("""
                        [api]
                        auth_strategy = noauth
                        port = 0
                        requests_in_flight = 8
                        requests_per_address = 6
                        requests_per_user = 4
                        body_timeout = 3
                        """)),
                new NoAuth(),
                new SimpleMeterRegistry(),
                Set.of(routes -> routes.post(Api.CINDER, "/things", exchange -> exchange.json(200, Map.of()))
                        .open(Api.ROOT, "GET", "/healthcheck", exchange -> exchange.text(200, "OK"))
                        .open(Api.ROOT, "GET", "/", exchange -> exchange.json(300, Map.of()))));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    @Test
    void bodiesThatDoNotComeEndAndHoldNobodyUp() throws IOException {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(begin(ADDRESSES[0], "slow", 100, "{"));
        }
        try (var other = new HttpCalls(server.port(), "X-Auth-Token", "other:0a-1")) {
            // from the same address, which has taken what one user may, but not what an address may
            assertThat(other.post("/v3/things", "{}").status()).isEqualTo(200);
            assertThat(other.get("/healthcheck").body()).isEqualTo("OK");
        }
        List<String> first = new ArrayList<>();
        for (Socket socket : slow) {
            first.add(status(socket));
        }

        assertThat(first).containsOnly("408", "429");
        assertThat(first.stream().filter("408"::equals)).hasSizeBetween(1, 4);
    }

    @Test
    void anAddressGetsNoMoreThanItsShareWhateverNamesItUses() throws IOException {
        for (int i = 0; i < 12; i++) {
            begin(ADDRESSES[0], "user-" + i, 100, "{");
        }

        Socket elsewhere = begin(ADDRESSES[1], "other", 2, "{}");

        assertThat(status(elsewhere)).isEqualTo("200");
    }

    @Test
    void healthAndVersionsAnswerWhenEverySlotIsTaken() throws IOException {
        for (int i = 0; i < 8; i++) {
            begin(ADDRESSES[i % 2], "user-" + i, 100, "{");
        }
        String late = status(begin(ADDRESSES[2], "late", 2, "{}"));
        for (int i = 0; late.equals("200"); i++) { // it may have come before some of them, which then got no slot
            begin(ADDRESSES[2], "more-" + i, 100, "{");
            late = status(begin(ADDRESSES[2], "late", 2, "{}"));
        }

        assertThat(late).isEqualTo("503");
        try (var anybody = new HttpCalls(server.port())) {
            assertThat(anybody.get("/healthcheck").status()).isEqualTo(200);
            assertThat(anybody.get("/").status()).isEqualTo(300);
        }
    }

    @Test
    void aBodyByDropsIsNotEnough() throws Exception {
        Socket socket = begin(ADDRESSES[0], "drops", 100_000, "{");
        CountDownLatch answered = new CountDownLatch(1);
        Thread drops = Thread.ofVirtual().start(() -> {
            try {
                while (!answered.await(100, MILLISECONDS)) {
                    socket.getOutputStream().write(' ');
                }
            } catch (IOException | InterruptedException closed) {
                // the server has hung up, which ends the dropping
            }
        });

        assertThat(status(socket)).isEqualTo("408");
        answered.countDown();
        assertThat(drops.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void slotsAreGivenBack() throws IOException {
        for (int i = 0; i < 30; i++) {
            assertThat(status(begin(ADDRESSES[0], "one", 2, "{}"))).isEqualTo("200");
        }
    }

    /** Sends the head of a request, and of its body what there is. */
    private Socket begin(String address, String user, int length, String body) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setSoTimeout((int) SECONDS.toMillis(20));
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.getOutputStream()
                .write(("POST /v3/things HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: " + user
                        + ":0a-1\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring(9);
    }
}
