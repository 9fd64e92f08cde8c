package dev.reseat.api.rest.passthrough;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.RestConfig;
import dev.reseat.runtime.Service.Drained;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests end that go through: by themselves, by the client, by cinder-api, by our stop. */
final class PassThroughEndTest {
    private FrontFixture front;

    @BeforeEach
    void start() throws IOException {
        front = new FrontFixture();
    }

    @AfterEach
    void stop() throws IOException {
        front.close();
    }

    @Test
    void aClientThatGoesAwayEndsItsRequestBehindUs() throws Exception {
        var ended = new CompletableFuture<Boolean>();
        front.behind.answering((connection, _) -> ended.complete(connection.ends()));

        try (var socket = front.connect()) {
            RawUpstream.write(socket.getOutputStream(), "GET /v3/0a/volumes HTTP/1.1\r\nHost: a\r\n\r\n");
            front.received();
            assertThat(ended).isNotDone();
        }

        assertThat(ended.get(20, SECONDS)).isTrue();
    }

    @Test
    void requestsThatAreSentWithoutWaitingAreAnsweredInTurn() throws Exception {
        var go = new CountDownLatch(1);
        front.behind.answering((connection, out) -> {
            FrontFixture.await(go);
            String target = connection.request().line().split(" ", -1)[1];
            RawUpstream.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + target.length() + "\r\n\r\n" + target);
        });
        try (var socket = front.connect()) {
            RawUpstream.write(socket.getOutputStream(), "GET /v3/one HTTP/1.1\r\nHost: a\r\n\r\n");
            front.received();
            RawUpstream.write(socket.getOutputStream(), "GET /v3/two HTTP/1.1\r\nHost: a\r\n\r\n");
            go.countDown();

            FrontFixture.readUntil(socket.getInputStream(), "/v3/one");
            FrontFixture.readUntil(socket.getInputStream(), "/v3/two");
        }
    }

    @Test
    void aCinderApiThatIsNotThereIsSaidToBeSo() throws Exception {
        int nobody;
        try (var free = new ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        front.close();
        front = new FrontFixture(new RawUpstream(), nobody, 600);

        Answer answer = front.http.get("/v3/0a/volumes");

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.message("computeFault")).contains("cannot be reached");
        assertThat(front.http.post(FrontFixture.ACTION, FrontFixture.RESET).status()).as("resets do not need it")
                .isEqualTo(202);
    }

    @Test
    void aCinderApiThatSaysNothingIsGivenUp() throws Exception {
        front.close();
        var silent = new RawUpstream();
        silent.answering((connection, _) -> connection.ends());
        front = new FrontFixture(silent, 1);

        Answer answer = front.http.get("/v3/0a/volumes");

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.message("computeFault")).contains("did not answer in time");
    }

    @Test
    void whoWaitsForAConnectionWaitsNoLongerThanItSays() throws Exception {
        front.close();
        var go = new CountDownLatch(1);
        var slow = new RawUpstream();
        slow.answering((_, out) -> {
            FrontFixture.await(go);
            RawUpstream.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        front = new FrontFixture(slow, "cinder_api_connections = 1\ncinder_api_queue_timeout = 0.2");
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> front.http.get("/v3/0a/volumes"));
        front.received();

        Answer second = front.http.get("/v3/0a/volumes");

        assertThat(second.status()).isEqualTo(503);
        assertThat(second.message("serviceUnavailable")).contains("Too many requests wait");
        assertThat(slow.received()).isEmpty();
        go.countDown();
        assertThat(first.get(20, SECONDS).status()).isEqualTo(200);
        assertThat(front.http.get("/v3/0a/volumes").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"requests_per_address, 429, overLimit", "requests_in_flight, 503, serviceUnavailable"})
    void whatGoesThroughTakesTheSlotsOfAllRequests(String limit, int status, String key) throws Exception {
        front.close();
        var go = new CountDownLatch(1);
        var slow = new RawUpstream();
        slow.answering((_, out) -> {
            FrontFixture.await(go);
            RawUpstream.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        front = new FrontFixture(slow, "[api]\n" + limit + " = 1");
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> front.http.get("/v3/0a/volumes"));
        front.received();

        Answer through = front.http.get("/v3/0a/volumes");
        Answer here = front.http.get("/reseat/v1/things");
        Answer read = front.http.post(FrontFixture.ACTION, FrontFixture.RESET);

        assertThat(List.of(through.status(), here.status(), read.status())).containsOnly(status);
        assertThat(through.message(key)).startsWith("Too many requests");
        assertThat(slow.received()).isEmpty();
        go.countDown();
        assertThat(first.get(20, SECONDS).status()).isEqualTo(200);
    }

    @Test
    void anAnswerThatBreaksOffBreaksOffHereToo() throws Exception {
        front.behind.answering((_, out) -> {
            RawUpstream.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            throw new IOException("enough");
        });

        String answer = front.raw("GET /v3/0a/volumes HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(answer).contains("Content-Length: 10").endsWith("half");
    }

    @Test
    void aStopWaitsForWhatIsUnderWay() throws Exception {
        var go = new CountDownLatch(1);
        var first = new AtomicBoolean(true);
        front.behind.answering((_, out) -> {
            if (first.getAndSet(false)) {
                FrontFixture.await(go);
            }
            RawUpstream.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> front.http.get("/v3/0a/volumes"));
        front.received();

        CompletableFuture<Drained> drained =
                CompletableFuture.supplyAsync(() -> front.server.drain(Duration.ofSeconds(20)));
        long end = System.nanoTime() + SECONDS.toNanos(20);
        while (front.http.get("/v3/0a/volumes").status() != 503) {
            assertThat(System.nanoTime()).as("refuses in time").isLessThan(end);
        }
        assertThat(drained).isNotDone();
        go.countDown();
        assertThat(answer.get(20, SECONDS).status()).isEqualTo(200);
        assertThat(drained.get(20, SECONDS)).isEqualTo(Drained.CLEAN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cinder.example.org", "ftp://a/", "http://u:p@a/", "http://a/?x=1"})
    void whatIsNoUrlStopsTheStart(String url) {
        assertThat(catchThrowable(
                () -> Settings.parse("[reseat]\ncinder_api = " + url).checked(RestConfig::from)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("cinder_api");
    }
}
