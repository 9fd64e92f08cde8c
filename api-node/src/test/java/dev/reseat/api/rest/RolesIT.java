package dev.reseat.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.keystone.FakeKeystone;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.RoleRequest;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what: every role and scope at every endpoint, with tokens as Keystone describes them. */
@Tag("database")
class RolesIT {
    private static final String LATER = "2999-01-01T00:00:00.000000Z";
    private static final String OURS = "\"project\": {\"id\": \"" + CloudFixture.PROJECT
            + "\", \"name\": \"p\", \"domain\": {\"id\": \"default\", \"name\": \"Default\"}}";
    private static final String SYSTEM = "\"system\": {\"all\": true}";
    private static final String DOMAIN = "\"domain\": {\"id\": \"default\", \"name\": \"Default\"}";
    private static FakeKeystone keystone;
    private static RestFixture node;
    private static CloudFixture cloud;

    @BeforeAll
    static void open() throws IOException {
        keystone = new FakeKeystone();
        keystone.token("admin", "u1", "admins", LATER, "admin", "member", "reader");
        keystone.token("member", "u2", CloudFixture.PROJECT, LATER, "member", "reader");
        keystone.token("reader", "u3", CloudFixture.PROJECT, LATER, "reader");
        keystone.token("service", "u4", CloudFixture.PROJECT, LATER, "service");
        keystone.scoped("system-admin", "u5", LATER, SYSTEM, "admin", "member", "reader");
        keystone.scoped("system-reader", "u6", LATER, SYSTEM, "reader");
        keystone.scoped("not-admin-project", "u7", LATER, OURS + ", \"is_admin_project\": false", "admin", "reader");
        keystone.token("foreign", "u8", "other", LATER, "member", "reader");
        keystone.scoped("domain-member", "u9", LATER, DOMAIN, "member");
        keystone.token("nova", "nova", "services", LATER, "service");
        node = RestFixture.with("""
                [keystone_authtoken]
                auth_url = %s
                username = reseat
                password = s3cret
                project_name = services
                """.formatted(keystone.url()));
        cloud = node.cloud;
    }

    @AfterAll
    static void close() {
        node.close();
        keystone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.reseat.testing.RoleRequest#all")
    void everyRoleMayDoWhatItMay(RoleRequest request) {
        List<Integer> got = new ArrayList<>();
        for (String who : RoleRequest.CALLERS) {
            try (var http = calls(who)) {
                got.add(send(http, request.aboutNewThings(cloud, CloudFixture.PROJECT)).status());
            }
        }

        assertThat(got).isEqualTo(request.statuses());
    }

    /** So that none can be forgotten; a route with the project in its path is the same endpoint. */
    @Test
    void everyEndpointIsAsked() {
        List<Route> asking = node.routes()
                .stream()
                .filter(route -> !route.open() && !route.path().contains("/{project}"))
                .toList();
        Set<Route> asked = RoleRequest.all()
                .stream()
                .map(request -> asking.stream()
                        .filter(route -> request.fits(route.method(), route.path()))
                        .min(Comparator.comparingInt(route -> route.path().split("\\{", -1).length))
                        .orElseThrow(() -> new AssertionError("no route takes " + request)))
                .collect(Collectors.toSet());

        assertThat(asking).isNotEmpty().allSatisfy(route -> assertThat(asked).contains(route));
    }

    @Test
    void aDomainsTokenHasNoProject() {
        String volume = cloud.volume("available");
        try (var http = calls("domain-member")) {
            assertThat(http.get("/v3/volumes/" + volume).status()).isEqualTo(404);
            assertThat(http.get("/v3/volumes").json().path("volumes")).isEmpty();
        }
    }

    /** Whether a member may delete an attachment, or end a connection, that Nova knows of. */
    @ParameterizedTest
    @CsvSource({
            "server deleted, 200, 202",
            "not mapped, 200, 202",
            "no connection_info, 200, 202",
            "another attachment, 200, 202",
            "this attachment, 409, 409",
            "no attachment id, 409, 409",
            "two mappings, 409, 409",
    })
    void aConnectionThatAServerCountsOnIsTakenAwayByServicesOnly(String nova, int delete, int terminate) {
        String attachment = connected(nova);
        String volume = volumeOf(attachment);
        try (var member = calls("member"); var admin = calls("admin"); var service = calls("member", "nova")) {
            String body = "{\"os-terminate_connection\": {\"connector\": {\"host\": \"host-a\"}}}";

            assertThat(member.post("/v3/volumes/" + volume + "/action", body).status()).isEqualTo(terminate);
            assertThat(admin.post("/v3/volumes/" + volume + "/action", body).status()).isEqualTo(terminate);
            assertThat(service.post("/v3/volumes/" + volume + "/action", body).status()).isEqualTo(202);
            Answer deleted = member.delete("/v3/attachments/" + attachment);
            assertThat(deleted.status()).isEqualTo(delete);
            if (delete == 409) {
                assertThat(deleted.message("conflictingRequest")).startsWith("Detach volume from instance ");
                assertThat(admin.delete("/v3/attachments/" + attachment).status()).isEqualTo(409);
                assertThat(service.delete("/v3/attachments/" + attachment).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void anExportWithoutAttachmentsThatAServerMapsIsLeft() {
        String volume = cloud.volume("in-use");
        cloud.blockDevice(cloud.instance(), volume, Map.of());
        try (var member = calls("member")) {
            assertThat(member.post(
                    "/v3/volumes/" + volume + "/action",
                    "{\"os-terminate_connection\": {\"connector\": {\"host\": \"host-a\"}}}").status()).isEqualTo(409);
        }
    }

    @Test
    void anExportIsNeverRedirectedByAnUpdate() {
        String attachment = connected("this attachment");
        Map<String, Object> before = row(attachment);
        try (var service = calls("member", "nova")) {
            Answer answer = service.put(
                    "/v3/attachments/" + attachment, "{\"attachment\": {\"connector\": {\"host\": \"host-b\"}}}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(row(attachment)).isEqualTo(before);
        }
    }

    private static String connected(String nova) {
        String volume = cloud.volume("in-use");
        String instance = cloud.instance(Map.of("deleted", nova.equals("server deleted") ? 7 : 0));
        Map<String, Object> columns = new LinkedHashMap<>(Map.of("instance_uuid", instance));
        columns.put("connector", "{\"host\": \"host-a\", \"initiator\": \"iqn.a\"}");
        if (!nova.equals("no connection_info")) {
            columns.put("connection_info", "{\"driver_volume_type\": \"local\"}");
        }
        String attachment = cloud.attachment(volume, columns);
        switch (nova) {
            case "another attachment" ->
                cloud.blockDevice(instance, volume, Map.of("attachment_id", UUID.randomUUID().toString()));
            case "this attachment", "no connection_info", "server deleted" ->
                cloud.blockDevice(instance, volume, Map.of("attachment_id", attachment));
            case "no attachment id" -> cloud.blockDevice(instance, volume, Map.of());
            case "two mappings" -> {
                cloud.blockDevice(instance, volume, Map.of("attachment_id", UUID.randomUUID().toString()));
                cloud.blockDevice(instance, volume, Map.of("attachment_id", attachment));
            }
            default -> assertThat(nova).isEqualTo("not mapped");
        }
        return attachment;
    }

    private static Answer send(HttpCalls http, RoleRequest request) {
        return request.body().isEmpty()
                ? http.send(request.method(), request.path(), BodyPublishers.noBody())
                : http.send(
                        request.method(), request.path(), BodyPublishers.ofString(request.body()), "Content-Type",
                        "application/json");
    }

    private static Map<String, Object> row(String attachment) {
        return cloud.row(cloud.cinder(), "SELECT * FROM volume_attachment WHERE id = ?", attachment);
    }

    private static String volumeOf(String attachment) {
        return row(attachment).get("volume_id").toString();
    }

    private static HttpCalls calls(String token) {
        return new HttpCalls(
                node.server.port(), "X-Auth-Token", token, "OpenStack-API-Version", "volume 3.54", "Accept",
                "application/json");
    }

    private static HttpCalls calls(String token, String service) {
        return new HttpCalls(
                node.server.port(), "X-Auth-Token", token, "X-Service-Token", service, "OpenStack-API-Version",
                "volume 3.54", "Accept", "application/json");
    }
}
