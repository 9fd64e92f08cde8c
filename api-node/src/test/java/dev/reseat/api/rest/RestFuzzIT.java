package dev.reseat.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.ErrorCode;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hostile values at every place of every route, on raw connections, since clients repair what they are given. No
 * request may break the server, and one that is refused changes no row. The seed is fixed: a failure comes again.
 */
@Tag("database")
class RestFuzzIT {
    private static final String CLOSED = "the connection was closed";
    private static final int REQUESTS = 1_200;
    private static final Duration BOUND = Duration.ofMinutes(2);

    private static final List<String> ROUTES = List.of(
            "GET /", "GET /healthcheck", "GET /v3", "GET /v3/", "GET /v3/volumes", "GET /v3/volumes/detail",
            "GET /v3/volumes/@", "POST /v3/volumes/@/action", "GET /v3/volumes/summary", "GET /v3/os-services",
            "PUT /v3/os-services/@", "PUT /v3/os-services/enable", "GET /v3/attachments", "GET /v3/attachments/detail",
            "GET /v3/attachments/@", "POST /v3/attachments", "PUT /v3/attachments/@", "DELETE /v3/attachments/@",
            "POST /v3/attachments/@/action", "GET /v3/@/volumes", "GET /v2.1/", "GET /v2.1",
            "GET /v2.1/servers/@/os-volume_attachments", "GET /v2.1/servers/@/os-volume_attachments/@",
            "GET /reseat/v1", "GET /reseat/v1/block-device-mappings", "GET /reseat/v1/block-device-mappings/@",
            "POST /reseat/v1/block-device-mappings/@/refresh", "POST /reseat/v1/volumes/@/reset",
            "GET /reseat/v1/journal", "POST /reseat/v1/volumes/@/repair", "POST /reseat/v1/diagnoses",
            "POST /reseat/v1/captures", "GET /reseat/v1/findings", "GET /reseat/v1/findings/@",
            "POST /reseat/v1/findings/@/ignore", "POST /reseat/v1/findings/@/unignore", "GET /reseat/v1/sweeps",
            "POST /reseat/v1/journal/@/undo", "GET /reseat/v1/journal/@/receipt", "GET /reseat/v1/jobs",
            "POST /reseat/v1/jobs", "POST /reseat/v1/jobs", "GET /reseat/v1/jobs/@", "GET /reseat/v1/jobs/@/items",
            "POST /reseat/v1/jobs/@/plan", "POST /reseat/v1/jobs/@/apply", "POST /reseat/v1/jobs/@/cancel",
            "POST /reseat/v1/jobs/@/retry-failed", "POST /reseat/v1/jobs/@/undo", "PATCH /v3/volumes/@",
            "FOO /v3/volumes");
    private static final List<String> QUERY_KEYS = List.of(
            "limit", "offset", "marker", "sort", "sort_key", "sort_dir", "name", "status", "metadata", "host", "id",
            "project_id", "all_tenants", "with_count", "migration_status", "instance", "volume", "subject",
            "show_secrets", "volume_id", "attach_status", "instance_id", "attached_host", "nonsense", "%zz", "%00",
            "after", "state", "pattern", "without", "backend");
    /** As they stand in a path or query. */
    private static final List<String> ENCODED = List.of(
            "%00", "a%00b", "%zz", "%", "%c3", "%c3%28", "%ff%fe", "%ed%a0%80", "%2e%2e%2f", "..", "%2F", ";a=b", "//",
            "%u0000", "%25", "'%20OR%20'1'='1", "null", "-1", "9".repeat(30), "x".repeat(3000), "%F0%9F%92%A9", "+",
            "%7B%7D", "{'a':%201}", "[%22a%22]", "1,2", "a:b:c", "%0d%0a", "NaN", "1e400", "true", "", "\u00ff",
            "\u0001", "%E2%80%AE", "%C0%AF", "\\", "|", "{", "~root", "%0");
    private static final List<String> HEADERS = List.of(
            "Accept: */*;q=2", "Accept: \u00e9", "Accept: ;;;", "Accept: text/html;q=", "Accept: ,",
            "Accept: " + "a/b,".repeat(500), "OpenStack-API-Version: volume",
            "OpenStack-API-Version: volume 3.99999999999",
            "OpenStack-API-Version: volume 3.-1", "OpenStack-API-Version: \u00ff",
            "OpenStack-API-Version: volume latest",
            "OpenStack-API-Version: volume 3.54", "OpenStack-API-Version: compute 2.89", "Content-Length: -1",
            "Content-Length: 99999999999999999999", "Content-Length: abc", "Transfer-Encoding: chunked, chunked",
            "X-OpenStack-Request-ID: " + "r".repeat(4000), "X-Forwarded-Host: ", "X-Forwarded-Host: ,,", "Host: ",
            "X-Openstack-Nova-API-Version: 2.1.1", "X-Roles: \u00e9,,", "X-Service-Roles: ,", "Expect: 100-continue",
            "Cookie: =;=", "If-Modified-Since: x");
    private static final List<String> TYPES = List.of(
            "application/json", "application/json", "application/json", "application/json; charset=nonsense",
            "application/json;charset=", "text/plain", ";", "", "/", "application/json; charset=\"",
            "multipart/form-data",
            "application/x-www-form-urlencoded", "application/json; charset=UTF-16");
    private static final List<String> VALUES = List.of(
            "null", "true", "0", "-1", "1e400", "NaN", "\"\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "[]",
            "{}",
            "[null]", "{\"\\u0000\": 1}", "{\"host\": null}", "{\"host\": \"host-a\"}", "{\"host\": \"\\u0000\"}",
            "\"" + "x".repeat(5000) + "\"", "{\"host\": \"" + "h".repeat(300) + "\"}", "9".repeat(400), "1.5",
            "[".repeat(400) + "]".repeat(400), "\"available\"", "\"in-use\"", "\"error\"", "\"detached\"", "\"rw\"",
            "\"skip_driver\"", "[\"skip-driver\"]", "\"none\"", "\"\ud83d\udca9\"",
            "{\"host\": \"host-a\", \"mountpoint\": \"" + "m".repeat(300) + "\"}",
            "{\"host\": \"host-a\", \"mode\": 7}", "[".repeat(30_000),
            "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000),
            "1e99999999", "-0", "0x10", "01", "1" + "0".repeat(3_000) + ".5e-3000", "\"\\u00\"", "'available'",
            "undefined",
            "{\"host\": \"host-a\", \"host\": \"host-b\"}", "{\"host\": \"host-a\", \"wwpns\": 7, \"ip\": []}",
            "{\"host\": \"host-a\", \"initiator\": null, \"multipath\": \"x\"}");
    private static final List<String> KEYS = List.of(
            "os-reset_status", "os-terminate_connection", "os-roll_detaching", "os-complete", "attachment", "connector",
            "volume_uuid", "instance_uuid", "mode", "status", "attach_status", "migration_status", "force", "reason",
            "dry_run", "os-attach", "revert", "\\u0000", "nonsense", "volumes", "all", "limit", "after", "pattern",
            "select", "limits", "reset", "refresh", "repair", "apply", "not_before", "ids", "state", "older_than",
            "address", "max_share", "canary", "per_host");

    /** As rows may hold them after years: cut off, of another language, emptied. */
    private static final List<String> DAMAGED = List.of(
            "{\"host\": \"host-a\", \"ini", "{'host': 'host-a'}", "null", "[]", " ", "7", "{\"host\": null}",
            "{\"host\": {\"a\": []}}", "{}", "{\"data\": 7}", "{\"driver_volume_type\": []}");

    private final List<String> ids = new ArrayList<>();
    private Random random = new Random();

    @Test
    void nothingBreaksTheServerAndRefusalsChangeNothing() throws IOException {
        fuzz(20_261_129, REQUESTS, BOUND);
    }

    @Test
    @Tag("slow")
    void theSameForLong() throws IOException {
        for (long seed = 1; seed <= 10; seed++) {
            fuzz(seed, 6_000, Duration.ofHours(1));
        }
    }

    private void fuzz(long seed, int requests, Duration bound) throws IOException {
        random = new Random(seed);
        ids.clear();
        List<String> broken = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        int refused = 0;
        long end = System.nanoTime() + bound.toNanos();
        int sent = 0;
        try (RestFixture node = RestFixture.noauth()) {
            populate(node.cloud);
            String before = node.cloud.state();
            while (sent < requests && System.nanoTime() < end) {
                byte[] request = request();
                String answer = answer(node.server.port(), request);
                int status = status(answer);
                sent++;
                String state = node.cloud.state();
                boolean closed = answer.equals(CLOSED);
                if (!closed && (status == 500 || status == 0 || lacksCode(request, status, answer))) {
                    broken.add(status + " " + shown(request) + "\n" + answer);
                }
                // a 503 may have locked an instance and let it go again
                if (closed || (status >= 400 && status < 500)) {
                    refused++;
                    if (!state.equals(before)) {
                        changed.add(status + " " + shown(request));
                    }
                }
                before = state;
            }
        }

        assertThat(broken).as("broken of " + sent).isEmpty();
        assertThat(changed).as("changed by refused requests").isEmpty();
        assertThat(sent).isGreaterThan(requests / 3);
        assertThat(refused).isGreaterThan(sent / 3);
    }

    private void populate(CloudFixture cloud) {
        for (String status : List.of("available", "in-use", "error", "reserved", "detaching", "attaching")) {
            String volume = cloud.volume(status);
            ids.add(volume);
            if (!status.equals("available")) {
                String server = cloud.instance();
                String attachment = cloud.attachment(volume, Map.of("instance_uuid", server));
                ids.addAll(List.of(server, attachment, cloud.blockDevice(server, volume, Map.of())));
            }
        }
        for (String damaged : DAMAGED) {
            String volume = cloud.volume("in-use");
            String server = cloud.instance();
            String attachment = cloud.attachment(volume, Map.of(
                    "instance_uuid", server, "connector", damaged, "connection_info", any(DAMAGED)));
            ids.addAll(List.of(volume, server, attachment, cloud.blockDevice(
                    server, volume, Map.of("attachment_id", attachment, "connection_info", any(DAMAGED)))));
        }
    }

    private byte[] request() {
        String[] route = any(ROUTES).split(" ", 2);
        StringBuilder path = new StringBuilder();
        for (char c : route[1].toCharArray()) {
            path.append(c == '@' ? pathWord() : String.valueOf(c));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append(path.indexOf("?") < 0 ? '?' : '&')
                    .append(any(QUERY_KEYS))
                    .append(random.nextInt(8) == 0 ? "" : "=" + queryWord());
        }
        String body = route[0].equals("GET") && random.nextInt(4) > 0 ? "" : body();
        StringBuilder head = new StringBuilder(route[0] + " " + path + " HTTP/1.1\r\n");
        head.append("Connection: close\r\nX-Auth-Token: u:").append(CloudFixture.PROJECT).append("\r\n");
        List<String> extra = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            extra.add(any(HEADERS));
        }
        if (extra.stream().noneMatch(header -> header.startsWith("Host:"))) {
            head.append("Host: localhost\r\n");
        }
        if (extra.stream().noneMatch(header -> header.startsWith("OpenStack-API"))) {
            head.append("OpenStack-API-Version: volume 3.54\r\n");
        }
        extra.forEach(header -> head.append(header).append("\r\n"));
        byte[] content = body.getBytes(random.nextInt(20) == 0 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
        if (content.length > 0 && random.nextInt(12) == 0) {
            content[random.nextInt(content.length)] = (byte) (0x80 + random.nextInt(0x80)); // no UTF-8 any more
        }
        boolean framed = extra.stream()
                .anyMatch(header -> header.startsWith("Content-Length") || header.startsWith("Transfer-Encoding"));
        if (content.length > 0 || !route[0].equals("GET")) {
            head.append("Content-Type: ").append(any(TYPES)).append("\r\n");
            head.append(framed ? "" : "Content-Length: " + content.length + "\r\n");
        }
        byte[] begin = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[begin.length + content.length];
        System.arraycopy(begin, 0, all, 0, begin.length);
        System.arraycopy(content, 0, all, begin.length, content.length);
        return all;
    }

    private String pathWord() {
        return random.nextInt(3) == 0 ? any(ENCODED) : any(ids);
    }

    private String queryWord() {
        return switch (random.nextInt(3)) {
            case 0 -> any(ids);
            case 1 -> any(ENCODED);
            default -> URLEncoder.encode(any(VALUES), StandardCharsets.UTF_8);
        };
    }

    private String body() {
        return switch (random.nextInt(10)) {
            case 0 -> any(VALUES);
            case 1 -> "{" + any(VALUES);
            case 2 -> "";
            case 3 -> "{\"attachment\": {\"volume_uuid\": \"" + any(ids) + "\", \"instance_uuid\": \"" + any(ids)
                    + "\", \"connector\": " + any(VALUES) + "}}";
            case 4 -> "{\"attachment\": {\"connector\": " + any(VALUES) + "}}";
            case 5 -> "{\"" + any(List.of("os-terminate_connection", "os-initialize_connection", "os-force_detach"))
                    + "\": {\"connector\": " + any(VALUES) + "}}";
            case 6 -> random.nextBoolean()
                    ? "{\"select\": {\"ids\": [\"" + any(ids) + "\"], \"" + any(KEYS) + "\": " + any(VALUES) + "}, \""
                            + any(List.of("reset", "refresh", "repair")) + "\": " + object(1) + ", \"limits\": "
                            + object(0) + "}"
                    : "{\"" + any(List.of("volumes", "all", "host", "state")) + "\": " + any(VALUES) + ", \"reason\": "
                            + any(VALUES) + "}";
            case 7 -> "{\"os-reset_status\": {\"status\": " + any(VALUES) + ", \"reason\": " + any(VALUES) + "}}";
            default -> object(2);
        };
    }

    private String object(int depth) {
        List<String> members = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            members.add(
                    "\"" + any(KEYS) + "\": " + (depth > 0 && random.nextBoolean() ? object(depth - 1) : any(VALUES)));
        }
        return "{" + String.join(", ", members) + "}";
    }

    private static boolean lacksCode(byte[] request, int status, String answer) {
        String line = new String(request, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
        return status >= 400
                && line.contains(" /reseat/v1")
                && Stream.of(ErrorCode.values())
                        .noneMatch(code -> answer.contains("\"error\":\"" + code.text() + "\""));
    }

    /** The status of the answer; 0 if there was none. */
    private static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /** Of a request that is refused before it is read to its end nothing may come back but the end. */
    private static String answer(int port, byte[] request) throws IOException {
        try {
            return exchanged(port, request);
        } catch (SocketException closedMeanwhile) {
            return CLOSED;
        }
    }

    private static String exchanged(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String shown(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        return text.length() > 1200 ? text.substring(0, 1200) + "…" : text;
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
