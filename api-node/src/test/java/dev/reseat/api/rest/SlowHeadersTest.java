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
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers whose requests do not come, on real connections: they are hung up on, and the others are served. */
class SlowHeadersTest {
    private static final String BEGIN =
            "GET /v3/things HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: u:0a-1\r\nX-Slow: ";

    private final List<Socket> sockets = new ArrayList<>();
    private final CountDownLatch enough = new CountDownLatch(1);
    private RestServer server;

    @AfterEach
    void stop() throws IOException {
        enough.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    @Test
    void headersByDropsHoldNobodyUpAndEnd() throws IOException {
        start("header_timeout = 4");
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            slow.add(begin("127.0.0.1", BEGIN));
        }
        drop(slow);

        try (var other = new HttpCalls(server.port(), "X-Auth-Token", "other:0a-1")) {
            long begin = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                assertThat(other.get("/healthcheck").body()).isEqualTo("OK");
                assertThat(other.get("/v3/things").status()).isEqualTo(200);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(slow).allMatch(SlowHeadersTest::isHungUpOn);
    }

    @Test
    void headersComeAtALeastRate() throws IOException {
        start("header_timeout = 3600\nheader_rate = 1000");
        Socket socket = begin("127.0.0.1", BEGIN);
        drop(List.of(socket));

        assertThat(isHungUpOn(socket)).isTrue();
    }

    @Test
    void whoOpensAConnectionAndSaysNothingIsHungUpOn() throws IOException {
        start("header_timeout = 2");

        assertThat(isHungUpOn(begin("127.0.0.1", ""))).isTrue();
    }

    @Test
    void ofOneAddressTheSlowestGoWhenThereAreTooMany() throws IOException {
        start("header_timeout = 3600\nheader_rate = 1\nrequests_per_address = 5");
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(begin("127.0.0.1", BEGIN));
        }
        Socket elsewhere = begin("127.0.0.2", BEGIN);

        List<Socket> kept = lastKept(slow, 5); // in the order the server saw them, which need not be ours
        assertThat(kept).hasSize(5).allSatisfy(socket -> assertThat(status(finish(socket))).isEqualTo("200"));
        assertThat(status(finish(elsewhere))).isEqualTo("200");
    }

    /** Those that are left when the others were hung up on. */
    private static List<Socket> lastKept(List<Socket> sockets, int number) throws IOException {
        List<Socket> kept = new ArrayList<>(sockets);
        for (Socket socket : sockets) {
            socket.setSoTimeout(50);
        }
        for (int round = 0; round < 40 && kept.size() > number; round++) {
            kept.removeIf(SlowHeadersTest::isHungUpOn);
        }
        for (Socket socket : kept) {
            socket.setSoTimeout((int) SECONDS.toMillis(30));
        }
        return kept;
    }

    @Test
    void aConnectionThatIsKeptIsNotSlow() throws Exception {
        start("header_timeout = 1");
        Socket kept = finish(begin("127.0.0.1", BEGIN));
        assertThat(status(kept)).isEqualTo("200");
        assertThat(isHungUpOn(begin("127.0.0.1", ""))).as("more than the header's time has gone by").isTrue();

        for (int i = 0; i < 3; i++) { // a request has its whole time, whenever it begins
            kept.getInputStream().skipNBytes(kept.getInputStream().available());
            kept.getOutputStream().write(BEGIN.getBytes(StandardCharsets.US_ASCII));
            MILLISECONDS.sleep(700);
            assertThat(status(finish(kept))).isEqualTo("200");
            MILLISECONDS.sleep(500); // the rest of the answer comes, and the next one begins elsewhere in a second
        }
    }

    private void start(String settings) {
        server = new RestServer(
                RestConfig.from(Settings.parse("[api]\nauth_strategy = noauth\nport = 0\n" + settings)),
                new NoAuth(),
                new SimpleMeterRegistry(),
                Set.of(routes -> routes.get(Api.CINDER, "/things", exchange -> exchange.json(200, Map.of()))
                        .open(Api.ROOT, "GET", "/healthcheck", exchange -> exchange.text(200, "OK"))));
        server.start();
    }

    /** Sends one more character of each, again and again. */
    private void drop(List<Socket> slow) {
        Thread.ofVirtual().start(() -> {
            try {
                while (!enough.await(100, MILLISECONDS)) {
                    for (Socket socket : slow) {
                        try {
                            socket.getOutputStream().write('x');
                        } catch (IOException hungUp) {
                            // the others go on
                        }
                    }
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Socket begin(String address, String text) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setSoTimeout((int) SECONDS.toMillis(30));
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static Socket finish(Socket socket) throws IOException {
        socket.getOutputStream().write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static boolean isHungUpOn(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        } catch (IOException nothingCame) {
            return false;
        }
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring(9);
    }
}
