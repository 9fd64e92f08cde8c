package dev.reseat.api.rest.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.passthrough.RawUpstream.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers between a client and a cinder-api, on the wire. */
final class PassThroughTest {
    private FrontFixture front;

    @BeforeEach
    void start() throws IOException {
        front = new FrontFixture();
    }

    @AfterEach
    void stop() throws IOException {
        front.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/", "/v3", "/v3/", "/healthcheck", "/v3/0a/volumes/detail?sort=name:asc&metadata={'a':'b'}&name~=x",
            "/v3/0a/types/a%2Fb%20c?x=%7B%27", "/v3//0a/./volumes/../x;y=z?", "/v1/x?a=%20&b=%C3%A9", "/v3/0a/x|y"})
    void pathAndQueryGoOnLetterByLetter(String target) throws Exception {
        String answer =
                front.raw("GET " + target + " HTTP/1.1\r\nHost: volumes.example.org\r\nConnection: close\r\n\r\n");

        assertThat(front.received().line()).isEqualTo("GET " + target + " HTTP/1.1");
        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\nok");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "text/plain; charset=UTF-8", "text/plain;charset=utf-8", "Text/HTML; charset=Utf-8", "application/json",
            "application/JSON; charset=UTF-8", "*/*"})
    void valuesAreNotWrittenAnew(String value) throws Exception {
        front.behind.answering("HTTP/1.1 200 OK\r\nContent-Type: " + value + "\r\nContent-Length: 0\r\n\r\n");

        String answer = front.raw("GET /v3/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: " + value
                + "\r\nAccept: " + value + "\r\n\r\n");

        assertThat(front.received().header("Content-Type")).containsExactly(value);
        assertThat(answer).contains("\r\nContent-Type: " + value + "\r\n");
    }

    @Test
    void anEscapeThatIsNoneIsRefused() throws Exception {
        String answer = front.raw("GET /v3/x?a=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(front.behind.received()).isEmpty();
    }

    @Test
    void headersGoOnButForThoseOfTheConnection() throws Exception {
        front.raw("""
                GET /v3/0a/volumes HTTP/1.1
                Host: volumes.example.org
                X-Auth-Token: secret
                X-Multi: one
                X-Multi: two
                OpenStack-API-Version: volume 3.59
                Accept: application/json
                Connection: close, X-Mine
                X-Mine: of this connection
                Keep-Alive: timeout=5
                TE: trailers
                Proxy-Authorization: Basic eDp5

                """.replace("\n", "\r\n"));

        Received request = front.received();
        assertThat(request.header("Host")).containsExactly("volumes.example.org");
        assertThat(request.header("X-Auth-Token")).containsExactly("secret");
        assertThat(request.header("X-Multi")).containsExactly("one", "two");
        assertThat(request.header("OpenStack-API-Version")).containsExactly("volume 3.59");
        assertThat(request.header("Via")).containsExactly("1.1 reseat");
        for (String gone : new String[]{"X-Mine", "Keep-Alive", "TE", "Proxy-Authorization", "Accept-Encoding",
                "User-Agent"}) {
            assertThat(request.header(gone)).as(gone).isEmpty();
        }
    }

    private static final String CLAIMS = """
            GET /v3/0a/volumes HTTP/1.1
            Host: volumes.example.org
            Connection: close
            Forwarded: for=198.51.100.9;host=evil.example.org;proto=https
            X-Forwarded-For: 198.51.100.9, 192.0.2.7
            X-Forwarded-Proto: https
            X-Forwarded-Host: public.example.org
            X-Forwarded-Prefix: /volume
            X_Forwarded_For: 198.51.100.9
            x_forwarded-prefix: /evil

            """.replace("\n", "\r\n");

    @Test
    void nobodyForgesWhereHeComesFrom() throws Exception {
        front.raw(CLAIMS);

        Received request = front.received();
        assertThat(request.header("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(request.header("X-Forwarded-Proto")).containsExactly("http");
        assertThat(request.header("X-Forwarded-Host")).containsExactly("volumes.example.org");
        assertThat(request.head()).doesNotContain("198.51.100.9", "evil", "Prefix");
    }

    @Test
    void whatATrustedProxySaysGoesOn() throws Exception {
        front.close();
        front = new FrontFixture(new RawUpstream(), """
                [oslo_middleware]
                enable_proxy_headers_parsing = true
                [api]
                trusted_proxies = 127.0.0.0/8
                """);

        front.raw(CLAIMS);

        Received request = front.received();
        assertThat(request.header("X-Forwarded-For")).containsExactly("192.0.2.7");
        assertThat(request.header("X-Forwarded-Proto")).containsExactly("https");
        assertThat(request.header("X-Forwarded-Host")).containsExactly("public.example.org");
        assertThat(request.header("X-Forwarded-Prefix")).containsExactly("/volume");
        assertThat(request.head()).doesNotContain("198.51.100.9", "evil");
    }

    /** A server in Python would read the rest of the body as another request, whose path nobody has looked at. */
    @Test
    void aBodysLengthIsSaidInOneWay() throws Exception {
        front.raw("""
                POST /v3/0a/backups HTTP/1.1
                Host: a
                Connection: close
                Transfer_Encoding: chunked
                content_length: 5
                X_Mine: 1
                Content-Length: 5

                0
                \r\n""".replace("\n", "\r\n").replace("\r\r", "\r"));

        Received request = front.received();
        assertThat(request.header("Content-Length")).containsExactly("5");
        assertThat(request.header("X_Mine")).containsExactly("1");
        assertThat(request.head()).doesNotContainIgnoringCase("transfer_encoding")
                .doesNotContainIgnoringCase("content_length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:22", "a.example.org:443"})
    void nobodyIsConnectedToAnythingElse(String target) throws Exception {
        String answer = front.raw("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 405 ").contains("badMethod", "Connection: close");
        assertThat(front.behind.received()).isEmpty();
    }

    @Test
    void answersComeBackButForWhatConcernsTheConnection() throws Exception {
        front.behind.answering("""
                HTTP/1.1 300 Multiple Choices
                Date: Mon, 30 Nov 2026 00:00:00 GMT
                Content-Type: application/json
                X-Openstack-Request-Id: req-1
                Set-Cookie: a=1
                Set-Cookie: b=2
                Connection: keep-alive, X-Theirs
                X-Theirs: no
                Keep-Alive: timeout=5
                Content-Encoding: gzip
                Content-Length: 4

                ~\u00ff\u0000.""".replace("\n", "\r\n"));

        String answer = front.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        assertThat(answer).isEqualTo("""
                HTTP/1.1 300 Multiple Choices
                Date: Mon, 30 Nov 2026 00:00:00 GMT
                Content-Type: application/json
                X-Openstack-Request-Id: req-1
                Set-Cookie: a=1
                Set-Cookie: b=2
                Content-Encoding: gzip
                Content-Length: 4
                Connection: close

                ~\u00ff\u0000.""".replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "HTTP/1.1 204 No Content\\r\\nContent-Type: application/json\\r\\n\\r\\n | 204",
            "HTTP/1.1 202 Accepted\\r\\nContent-Length: 0\\r\\n\\r\\n | 202",
            "HTTP/1.1 302 Found\\r\\nLocation: /v3/\\r\\nContent-Length: 0\\r\\n\\r\\n | 302",
            "HTTP/1.1 500 Internal Server Error\\r\\nContent-Length: 0\\r\\n\\r\\n | 500"})
    void everyStatusComesBack(String answer, int status) throws Exception {
        front.behind.answering(answer.replace("\\r\\n", "\r\n"));

        Answer got = front.http.delete("/v3/0a/volumes/v1");

        assertThat(got.status()).isEqualTo(status);
        assertThat(got.body()).isEmpty();
        front.received();
    }

    @Test
    void bodiesStreamBothWays() throws Exception {
        var half = new CountDownLatch(1);
        front.behind.answering((_, out) -> {
            RawUpstream.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            FrontFixture.await(half);
            RawUpstream.write(out, "5\r\nwhole\r\n0\r\n\r\n");
        });
        try (var socket = front.connect()) {
            RawUpstream.write(socket.getOutputStream(), """
                    POST /v3/0a/backups HTTP/1.1
                    Host: a
                    Transfer-Encoding: chunked

                    3
                    one
                    3
                    two
                    0

                    """.replace("\n", "\r\n"));
            assertThat(front.received().body()).isEqualTo("onetwo");
            FrontFixture.readUntil(socket.getInputStream(), "half");
            half.countDown();
            FrontFixture.readUntil(socket.getInputStream(), "whole");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            FrontFixture.ACTION, "/v3/volumes/v1/action", "/v3/0a/volumes/v1/%61ction", "/v3//0a/volumes/v1/action/",
            "/v3/0a/volumes/v1/action.json"})
    void aResetIsOursHoweverItsPathIsSpelt(String path) {
        Answer answer = front.http.post(path, FrontFixture.RESET);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(front.served.poll()).contains("os-reset_status");
        assertThat(front.behind.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "PUT, /v3/0a/volumes/v1/action?_method=POST", "GET, /v3/0a/volumes/v1/action?x=1&%5Fmethod=post&_method",
            "DELETE, /v3/0a/volumes/v1/%61ction?_method=POST", "MADE-UP, /v3/0a/volumes/v1/action?_method=POST"})
    void aResetUnderAnotherMethodGoesNowhere(String method, String target) throws Exception {
        String answer = front.raw(method + " " + target + " HTTP/1.1\r\nHost: a\r\nX-Auth-Token: u:0a\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + FrontFixture.RESET.length()
                + "\r\nConnection: close\r\n\r\n" + FrontFixture.RESET);

        assertThat(answer).matches("(?s)HTTP/1.1 40[045] .*");
        assertThat(front.served).isEmpty();
        assertThat(front.behind.received()).isEmpty();
    }

    @Test
    void whatIsCalledAnActionAndIsNoneGoesOnUnderEveryMethod() throws Exception {
        front.raw("GET /v3/0a/volumes/v1/metadata/action_by HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        assertThat(front.received().line()).isEqualTo("GET /v3/0a/volumes/v1/metadata/action_by HTTP/1.1");
    }

    @Test
    void methodsThatNobodyKnowsAreCountedTogether() throws Exception {
        for (String method : new String[]{"GET", "BREW", "BREW-2"}) {
            front.raw(method + " /v3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            front.received();
        }

        front.awaitCounted(3);
        assertThat(front.meters.find("http.server.requests").timers())
                .extracting(timer -> timer.getId().getTag("method") + " " + timer.count())
                .containsExactlyInAnyOrder("GET 1", "other 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/v3/0a/volumes/v1/action;x", "/other/v3/0a/volumes/v1/action", "/v3/0a/volumes/v1/%2561ction",
            "/v3/0a/volumes%252Fv1/action"})
    void aResetThatCannotBeServedHereGoesNowhere(String path) {
        Answer answer = front.http.post(path, FrontFixture.RESET);

        assertThat(answer.status()).isIn(400, 404);
        assertThat(front.served).isEmpty();
        assertThat(front.behind.received()).isEmpty();
    }

    @Test
    void aResetThatFailsHereGoesNowhere() {
        Answer answer = front.http.post(FrontFixture.ACTION + "?broken=1", FrontFixture.RESET);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(front.behind.received()).isEmpty();
    }

    @Test
    void otherActionsGoOnByteForByte() throws Exception {
        String body = "{ \"os-attach\":\n {\"mountpoint\": \"/dev/\u00e9\"}}  ";

        assertThat(front.http.post(FrontFixture.ACTION + "?x=1", body).body()).isEqualTo("ok");

        Received request = front.received();
        assertThat(request.line()).isEqualTo("POST " + FrontFixture.ACTION + "?x=1 HTTP/1.1");
        assertThat(request.body()).isEqualTo(
                new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        assertThat(front.served).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{}", "{\"os-attach\": {}, \"os-reset_status\": {}}", "{\"os-attach\": 1, \"os-attach\": 2}",
            "{\"os-attach"})
    void whatIsAmbiguousGoesNowhere(String body) {
        Answer answer = front.http.post(FrontFixture.ACTION, body);

        assertThat(front.behind.received()).isEmpty();
        assertThat(front.served).containsExactly("{}"); // which the real one refuses with 400
        assertThat(answer.header("OpenStack-API-Version")).isEqualTo("volume 3.0");
    }

    @Test
    void anActionThatIsTooLargeGoesNowhere() {
        Answer answer = front.http.post(FrontFixture.ACTION, "{\"os-attach\": \"" + "x".repeat(200_000) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(front.behind.received()).isEmpty();
    }

    @Test
    void ourOwnPathsStayOurs() {
        assertThat(front.http.get("/reseat/v1/things").json().path("by").stringValue()).isEqualTo("us");
        assertThat(front.behind.received()).isEmpty();
    }
}
