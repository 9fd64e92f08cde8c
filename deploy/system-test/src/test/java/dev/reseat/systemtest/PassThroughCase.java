package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.CuttableLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our api-node where a cinder-api stood: nobody can tell, but who resets a volume. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PassThroughCase {
    private static final String ROOT = "/v3/" + CloudFixture.PROJECT;
    private static final String RESET = "{\"os-reset_status\": {\"status\": \"error\"}}";
    private static final Pattern OF_ONE = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|"
            + "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+");
    private static final Duration SETTLED = Duration.ofSeconds(90);
    /** Somebody may report between two equal questions. */
    private static final int TRIES = 5;
    private static final int ROUNDS = 300;
    /** The aim is one millisecond; a machine that runs other tests is given more. */
    private static final long MOST_NANOS = 5_000_000;

    private OpenStack openstack;
    private OpenStackScene scene;
    private CuttableLink database;
    private ServiceProcess front;
    private int port;
    private int behind;
    private String volume;
    private String attachment;

    abstract OpenStackWithOurs cloud();

    @BeforeAll
    void stand() throws Exception {
        openstack = cloud().openstack();
        scene = cloud().scene();
        behind = openstack.settings().cinderPort();
        port = LoopbackPorts.reserve();
        String connection = openstack.databases().ourConnection("cinder");
        int server = Integer.parseInt(connection.replaceFirst("^.*@127\\.0\\.0\\.1:(\\d+)/.*$", "$1"));
        database = new CuttableLink(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
        database.mend();
        front = cloud().ours()
                .inFrontOfCinderApi(port, connection.replace(":" + server + "/", ":" + database.port() + "/"))
                .launch();
        volume = scene.volume("through");
        attachment = scene.attach(volume, Optional.empty());
        front.awaitStarted();
    }

    @AfterAll
    void end() throws Exception {
        if (front != null) {
            front.kill();
        }
        if (database != null) {
            database.close();
        }
    }

    private static String request(String method, String target, String headers, String body) {
        String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
        return method + " " + target + " HTTP/1.1\r\nHost: volumes.example.org\r\nConnection: close\r\nX-Auth-Token: "
                + CloudFixture.USER + ":" + CloudFixture.PROJECT + "\r\n" + length
                + (headers.isEmpty() ? "" : headers.replace("~", "\r\n") + "\r\n") + "\r\n" + body;
    }

    private String filled(String text) {
        return text == null
                ? ""
                : text.replace("{p}", CloudFixture.PROJECT)
                        .replace("{v}", volume)
                        .replace("{a}", attachment)
                        .replace("{none}", "00000000-0000-4000-8000-000000000000");
    }

    /** Of what changes nothing, or the same again. */
    private void assertSame(String request) throws IOException {
        WireAnswer direct = WireAnswer.of(behind, request);
        WireAnswer through = WireAnswer.of(port, request);
        for (int more = 1; more < TRIES && !through.equals(direct); more++) {
            direct = WireAnswer.of(behind, request);
            through = WireAnswer.of(port, request);
        }
        assertThat(through).as(request).isEqualTo(direct);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "GET     | / | |",
            "GET     | /v3 | |",
            "GET     | /v3/ | |",
            "GET     | /v2/ | |",
            "GET     | /v1 | |",
            "GET     | /healthcheck | |",
            "GET     | /nothing | |",
            "GET     | /v3/{p}/nothing | |",
            "GET     | /v3/{p}/volumes | |",
            "GET     | /v3/{p}/volumes/detail?sort=name:asc,id:desc&limit=2 | |",
            "GET     | /v3/{p}/volumes/detail?all_tenants=1&with_count=True | OpenStack-API-Version: volume 3.45 |",
            "GET     | /v3/{p}/volumes/detail?marker={v}&limit=1 | |",
            "GET     | /v3/{p}/volumes/detail?metadata=%7B'k':%20'v'%7D | |",
            "GET     | /v3/{p}/volumes?name~=hro | OpenStack-API-Version: volume 3.34 |",
            "GET     | /v3/{p}/volumes?limit=-1 | |",
            "GET     | /v3/{p}/volumes?status=a%20b&created_at=gt:2020 | OpenStack-API-Version: volume 3.60 |",
            "GET     | /v3/{p}/volumes/{v} | |",
            "GET     | /v3/{p}/volumes/{v} | OpenStack-API-Version: volume 3.70 |",
            "GET     | /v3/{p}/volumes/{v} | OpenStack-API-Version: volume latest |",
            "GET     | /v3/{p}/volumes/{v} | OpenStack-API-Version: volume 3.999 |",
            "GET     | /v3/{p}/volumes/{v} | OpenStack-API-Version: volume x |",
            "GET     | /v3/{p}/volumes/{v} | OpenStack-API-Version: compute 2.1 |",
            "GET     | /v3/{p}/volumes/{v} | Accept: application/xml |",
            "GET     | /v3/{p}/volumes/{v} | Accept: text/html~Accept-Encoding: gzip, deflate |",
            "GET     | /v3/{p}/volumes/{v}/metadata | |",
            "GET     | /v3/{p}/volumes/{v}/encryption | |",
            "GET     | /v3/{p}/volumes/{none} | |",
            "GET     | /v3/other/volumes/{v} | |",
            "GET     | /v3//{p}/volumes | |",
            "GET     | /v3/{p}/volumes/ | |",
            "GET     | /v3/{p}/volumes/../types | |",
            "GET     | /v3/{p}/volumes/a%2Fb | |",
            "GET     | /v3/{p}/attachments | OpenStack-API-Version: volume 3.27 |",
            "GET     | /v3/{p}/attachments/{a} | OpenStack-API-Version: volume 3.54 |",
            "GET     | /v3/{p}/types | |",
            "GET     | /v3/{p}/types/default | |",
            "GET     | /v3/{p}/snapshots/detail | |",
            "GET     | /v3/{p}/backups/detail | |",
            "GET     | /v3/{p}/groups/detail | OpenStack-API-Version: volume 3.13 |",
            "GET     | /v3/{p}/messages | OpenStack-API-Version: volume 3.3 |",
            "GET     | /v3/{p}/os-services | OpenStack-API-Version: volume 3.7 |",
            "GET     | /v3/{p}/os-quota-sets/{p}?usage=True | |",
            "GET     | /v3/{p}/scheduler-stats/get_pools | |",
            "GET     | /v3/{p}/limits | |",
            "GET     | /v3/{p}/extensions | |",
            "HEAD    | /v3/{p}/volumes | |",
            "HEAD    | / | |",
            "OPTIONS | /v3/{p}/volumes | |",
            "OPTIONS | /v3/{p}/volumes | Origin: http://a~Access-Control-Request-Method: GET |",
            "PATCH   | /v3/{p}/volumes | | {}",
            "PUT     | /v3/{p}/volumes/{v} | Content-Type: application/json | {\"volume\": {",
            "PUT     | /v3/{p}/volumes/{v} | Content-Type: text/plain | {\"volume\": {}}",
            "PUT     | /v3/{p}/volumes/{v} | Content-Type: application/json~Expect: 100-continue | {\"volume\": {}}",
            "POST    | /v3/{p}/volumes | Content-Type: application/json | {\"volume\": {\"size\": 0}}",
            "POST    | /v3/{p}/volumes | Content-Type: application/json | []",
            "DELETE  | /v3/{p}/volumes/{none} | |",
            "DELETE  | /v3/{p}/volumes/{v} | |",
            "POST    | /v3/{p}/volumes/{v}/action | Content-Type: application/json | {\"os-extend\": {}}",
            "POST    | /v3/{p}/volumes/{v}/action | Content-Type: application/json | {\"os-nothing\": null}",
            "POST    | /v3/{p}/volumes/{v}/action | Content-Type: application/json | []",
            "POST    | /v3/{p}/volumes/{v}/action | Content-Type: application/json |",
            "POST    | /v3/{p}/volumes/{v}/action | Content-Type: application/json "
                    + "| {\"os-set_bootable\": {\"bootable\": false}}",
            "POST    | /v3/{p}/volumes/{none}/action | Content-Type: application/json | {\"os-detach\": {}}",
            "POST    | /v3/{p}/attachments/{a}/action | Content-Type: application/json~OpenStack-API-Version: "
                    + "volume 3.44 | {\"os-nothing\": null}",
            "POST    | /v3/{p}/volumes/{v}/metadata | Content-Type: application/json | {\"metadata\": {\"k\": \"w\"}}"
    })
    void isAnsweredAlike(String method, String target, String headers, String body) throws Exception {
        assertSame(request(method, filled(target), filled(headers), filled(body)));
    }

    @Test
    void whoSaysNothingOfHimselfIsToldTheSame() throws Exception {
        String anonymous = request("GET", ROOT + "/volumes", "", "").replaceFirst("X-Auth-Token: [^\r]*\r\n", "");

        assertSame(anonymous);
        assertSame(anonymous.replace("HTTP/1.1", "HTTP/1.0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30_000, 200_000})
    void aBodyInPiecesIsTakenAlike(int length) throws Exception {
        String value = "x".repeat(Math.min(length, 255));
        String body = "{\"metadata\": {\"k\": \"" + value + "\"" + " ".repeat(length) + "}}";
        var chunks = new StringBuilder();
        for (int at = 0; at < body.length(); at += 7000) {
            String chunk = body.substring(at, Math.min(body.length(), at + 7000));
            chunks.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk).append("\r\n");
        }
        String head = request("PUT", ROOT + "/volumes/" + volume + "/metadata",
                "Content-Type: application/json~Transfer-Encoding: chunked", "");

        assertSame(head + chunks + "0\r\n\r\n");
    }

    @Test
    void whatIsMadeThroughUsIsMadeAlike() throws Exception {
        String wanted = "{\"volume\": {\"size\": 1, \"name\": \"made\", \"metadata\": {\"k\": \"\\u00e9\"}}}";
        String request = request("POST", ROOT + "/volumes", "Content-Type: application/json", wanted);

        WireAnswer direct = WireAnswer.of(behind, request);
        WireAnswer through = WireAnswer.of(port, request);

        assertThat(through.status()).isEqualTo(202);
        assertThat(through.headers()).isEqualTo(direct.headers());
        assertThat(OF_ONE.matcher(through.body()).replaceAll("")).isEqualTo(
                OF_ONE.matcher(direct.body()).replaceAll(""));
    }

    private WireAnswer act(String target, String body) throws IOException {
        return WireAnswer.of(port, request("POST", target, "Content-Type: application/json", body));
    }

    private String status(String of) {
        return scene.volumeRow(of).get("status").toString();
    }

    @Test
    void aResetIsOursHoweverItIsSpelt() throws Exception {
        String stuck = scene.volume("reset in front");
        for (String target : List.of(
                ROOT + "/volumes/" + stuck + "/action", "/v3//" + CloudFixture.PROJECT + "/volumes/" + stuck
                        + "/%61ction/")) {
            WireAnswer answer = act(target, RESET);
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        }

        assertThat(status(stuck)).isEqualTo("error");
        WireAnswer journal = WireAnswer.of(port, request("GET", "/reseat/v1/journal?subject=" + stuck, "", ""));
        assertThat(journal.status()).isEqualTo(200);
        assertThat(journal.body()).contains(stuck, "done");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"os-reset_status\": {\"status\": \"error\"}, \"os-detach\": {}}",
            "{\"os-detach\": {}, \"os-detach\": {}}", "{\"os-reset_status\": {\"status\": \"error\"", "{}"})
    void whatCouldBeReadInTwoWaysIsRefused(String body) throws Exception {
        Map<String, Object> before = scene.volumeRow(volume);

        WireAnswer answer = act(ROOT + "/volumes/" + volume + "/action", body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("badRequest");
        assertThat(scene.volumeRow(volume)).isEqualTo(before);
    }

    @Test
    void aResetThatCannotBeServedGoesNowhere() throws Exception {
        String stuck = scene.volume("no database");
        String target = ROOT + "/volumes/" + stuck + "/action";
        database.cut();
        try {
            WireAnswer refused = act(target, RESET);

            assertThat(refused.status()).as(refused.body()).isEqualTo(503);
            assertSame(request("GET", ROOT + "/volumes/" + stuck, "", ""));
            assertThat(status(stuck)).isEqualTo("available");
        } finally {
            database.mend();
        }
        long end = System.nanoTime() + SETTLED.toNanos();
        WireAnswer answer = act(target, RESET);
        while (answer.status() == 503) {
            assertThat(System.nanoTime()).as(answer.body()).isLessThan(end);
            answer = act(target, RESET);
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(status(stuck)).isEqualTo("error");
    }

    @Test
    void cinderAndOpenstackCannotTell() {
        for (List<String> words : List.of(
                List.of("list", "--all-tenants"), List.of("show", volume), List.of("service-list"),
                List.of("show", UUID.randomUUID().toString().replaceAll("[0-9a-f]", "0")))) {
            Program direct = CinderClient.at("http://127.0.0.1:" + behind).run(words.toArray(String[]::new));
            Program through = CinderClient.at("http://127.0.0.1:" + port).run(words.toArray(String[]::new));
            assertThat(timeless(through)).as(words.toString()).isEqualTo(timeless(direct));
        }
        for (List<String> words : List.of(List.of("list", "--long"), List.of("show", volume))) {
            Program direct = openstack(behind, words);
            direct.assertSucceeded();
            assertThat(timeless(openstack(port, words))).as(words.toString()).isEqualTo(timeless(direct));
        }
    }

    private static String timeless(Program ended) {
        return ended.code() + ended.out().replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+", "")
                + ended.err().replaceAll("req-[0-9a-f-]{36}", "");
    }

    private static Program openstack(int port, List<String> words) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/openstack", "--os-auth-type", "admin_token", "--os-token",
                CloudFixture.USER + ":" + CloudFixture.PROJECT, "--os-endpoint", "http://127.0.0.1:" + port + ROOT,
                "volume"));
        command.addAll(words);
        return Program.run(Map.of("LC_ALL", "C.UTF-8"), command);
    }

    @Test
    void theWayThroughUsCostsLittle() throws Exception {
        long[] direct = new long[ROUNDS];
        long[] through = new long[ROUNDS];
        String request = request("GET", "/healthcheck", "", "");
        for (int i = -ROUNDS; i < ROUNDS; i++) { // the first half warms up
            direct[Math.abs(i) % ROUNDS] = took(behind, request);
            through[Math.abs(i) % ROUNDS] = took(port, request);
        }
        Arrays.sort(direct);
        Arrays.sort(through);
        System.out.printf("cinder-api p50 %d us, through us %d us more%n", direct[ROUNDS / 2] / 1000,
                (through[ROUNDS / 2] - direct[ROUNDS / 2]) / 1000);
        // of requests that no other process held up
        assertThat(through[ROUNDS / 10] - direct[ROUNDS / 10]).isLessThan(MOST_NANOS);
    }

    private static long took(int port, String request) throws IOException {
        long begin = System.nanoTime();
        assertThat(WireAnswer.of(port, request).status()).isEqualTo(200);
        return System.nanoTime() - begin;
    }
}
