package dev.reseat.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.keystone.FakeKeystone;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what: every role and scope at every endpoint, with tokens as Keystone describes them. */
@Tag("database")
class RolesIT {
    private static final String LATER = "2999-01-01T00:00:00.000000Z";
    private static final String OURS = "\"project\": {\"id\": \"" + CloudFixture.PROJECT
            + "\", \"name\": \"p\", \"domain\": {\"id\": \"default\", \"name\": \"Default\"}}";
    private static final String SYSTEM = "\"system\": {\"all\": true}";
    private static final String DOMAIN = "\"domain\": {\"id\": \"default\", \"name\": \"Default\"}";
    /** In the order of the columns below. */
    private static final List<String> WHO = List.of(
            "admin", "member", "reader", "service", "system-admin", "system-reader", "not-admin-project", "foreign");

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

    /**
     * Columns: admin, member, reader, service, system admin, system reader, admin of another than the admins' project,
     * foreign member.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "GET    | /v3/volumes                      | -         | 200 200 200 200 200 200 200 200",
            "GET    | /v3/volumes/detail               | -         | 200 200 200 200 200 200 200 200",
            "GET    | /v3/volumes/{volume}             | -         | 200 200 200 200 200 404 200 404",
            "POST   | /v3/volumes/{volume}/action      | reset     | 202 403 403 403 202 404 403 404",
            "POST   | /v3/volumes/{volume}/action      | terminate | 202 202 403 202 202 404 202 404",
            "POST   | /v3/volumes/{volume}/action      | roll      | 202 202 403 202 202 404 202 404",
            "POST   | /v3/volumes/{volume}/action      | os-reserve | 202 202 403 202 202 404 202 404",
            "POST   | /v3/volumes/{volume}/action      | os-unreserve | 202 202 403 202 202 404 202 404",
            "POST   | /v3/volumes/{volume}/action      | os-begin_detaching | 400 400 403 400 400 404 400 404",
            "GET    | /v3/os-services                  | -         | 200 403 403 403 200 403 403 403",
            "GET    | /v3/attachments                  | -         | 200 200 200 200 200 200 200 200",
            "GET    | /v3/attachments/detail           | -         | 200 200 200 200 200 200 200 200",
            "GET    | /v3/attachments/{attachment}     | -         | 200 200 200 200 200 404 200 404",
            "POST   | /v3/attachments                  | reserve   | 200 200 403 200 200 403 200 404",
            "PUT    | /v3/attachments/{attachment}     | connector | 409 409 403 409 409 404 409 404",
            "DELETE | /v3/attachments/{reserved}       | -         | 200 200 403 200 200 404 200 404",
            "POST   | /v3/attachments/{attachment}/action | complete | 204 204 403 204 204 404 204 404",
            "GET    | /v2.1/servers/{server}/os-volume_attachments | - | 200 200 200 200 200 404 200 404",
            "GET    | /v2.1/servers/{server}/os-volume_attachments/{mapped} | - | 200 200 200 200 200 404 200 404",
            "GET    | /reseat/v1/block-device-mappings?instance={server} | - | 200 403 403 403 200 403 403 403",
            "GET    | /reseat/v1/block-device-mappings/{bdm} | - | 200 403 403 403 200 403 403 403",
            "POST   | /reseat/v1/block-device-mappings/{bdm}/refresh | dry | 200 403 403 403 200 403 403 403",
            "POST   | /reseat/v1/volumes/{volume}/reset | state    | 200 403 403 403 200 403 403 403",
            "GET    | /reseat/v1/journal?subject={volume} | -      | 200 403 403 403 200 403 403 403",
            "GET    | /v3/os-services | - | 200 403 403 403 200 403 403 403",
            "POST   | /reseat/v1/diagnoses | volumes | 200 403 403 403 200 403 403 403",
            "POST   | /reseat/v1/captures | volumes | 200 403 403 403 200 403 403 403",
            "POST   | /reseat/v1/volumes/{volume}/repair | only-dry | 200 403 403 403 200 403 403 403",
            "POST   | /reseat/v1/volumes/{volume}/fence | client | 400 403 403 403 400 403 403 403",
            "POST   | /reseat/v1/journal/{none}/undo | only-dry | 404 403 403 403 404 403 403 403",
            "GET    | /reseat/v1/journal/{none}/receipt | - | 404 403 403 403 404 403 403 403",
            "GET    | /reseat/v1/jobs | - | 200 403 403 403 200 403 403 403",
            "POST   | /reseat/v1/jobs | empty | 400 403 403 403 400 403 403 403",
            "GET    | /reseat/v1/jobs/{none} | - | 404 403 403 403 404 403 403 403",
            "GET    | /reseat/v1/jobs/{none}/items | - | 404 403 403 403 404 403 403 403",
            "GET    | /reseat/v1/jobs/{none}/events | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/jobs/{none}/plan | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/jobs/{none}/apply | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/jobs/{none}/pause | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/jobs/{none}/resume | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/jobs/{none}/cancel | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/jobs/{none}/retry-failed | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/jobs/{none}/undo | - | 404 403 403 403 404 403 403 403",
            "GET    | /reseat/v1/findings | - | 200 403 403 403 200 403 403 403",
            "GET    | /reseat/v1/findings/{none} | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/findings/{none}/ignore | - | 404 403 403 403 404 403 403 403",
            "POST   | /reseat/v1/findings/{none}/unignore | - | 404 403 403 403 404 403 403 403",
            "GET    | /reseat/v1/sweeps | - | 200 403 403 403 200 403 403 403",
            "GET    | /reseat/v1/services?wait=1 | - | 200 403 403 403 200 403 403 403",
    })
    void everyRoleMayDoWhatItMay(String method, String path, String body, String statuses) {
        List<String> got = new ArrayList<>();
        for (String who : WHO) {
            try (var http = calls(who)) {
                Map<String, String> things = things();
                String filled = filled(path, things);
                got.add(Integer.toString(send(http, method, filled, body(body, things)).status()));
            }
        }

        assertThat(String.join(" ", got)).isEqualTo(statuses);
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

    /** Fresh ones for every request, so that none depends on what another did. */
    private static Map<String, String> things() {
        String volume = cloud.volume("available");
        String server = cloud.instance();
        String mapped = cloud.volume("in-use");
        String attachment = cloud.attachment(
                mapped, Map.of("instance_uuid", server, "connector", "{\"host\": \"host-a\"}"));
        String bdm = cloud.blockDevice(server, mapped, Map.of("attachment_id", attachment));
        String reserved = cloud.attachment(cloud.volume("reserved"), "reserved");
        return Map.of("volume", volume, "server", server, "mapped", mapped, "attachment", attachment, "bdm", bdm,
                "reserved", reserved, "none", UUID.randomUUID().toString());
    }

    private static String filled(String path, Map<String, String> things) {
        String filled = path;
        for (Map.Entry<String, String> thing : things.entrySet()) {
            filled = filled.replace("{" + thing.getKey() + "}", thing.getValue());
        }
        return filled;
    }

    private static String body(String name, Map<String, String> things) {
        return switch (name == null ? "" : name) {
            case "reset" -> "{\"os-reset_status\": {\"status\": \"error\"}}";
            case "terminate" -> "{\"os-terminate_connection\": {\"connector\": {\"host\": \"host-a\"}}}";
            case "roll" -> "{\"os-roll_detaching\": null}";
            case "os-reserve", "os-unreserve", "os-begin_detaching" -> "{\"" + name + "\": {}}";
            case "reserve" -> "{\"attachment\": {\"volume_uuid\": \"" + things.get("volume") + "\"}}";
            case "connector" -> "{\"attachment\": {\"connector\": {\"host\": \"host-b\"}}}";
            case "complete" -> "{\"os-complete\": null}";
            case "dry" -> "{\"dry_run\": true, \"connector\": {\"host\": \"host-a\"}}";
            case "state" -> "{\"status\": \"error\"}";
            case "only-dry" -> "{\"dry_run\": true}";
            case "volumes" -> "{\"volumes\": [\"" + things.get("volume") + "\"]}";
            case "client" -> "{\"client\": \"192.0.2.7\", \"dry_run\": true}";
            case "empty" -> "{}";
            default -> "";
        };
    }

    private static Answer send(HttpCalls http, String method, String path, String body) {
        return body.isEmpty()
                ? http.send(method, path, BodyPublishers.noBody())
                : http.send(method, path, BodyPublishers.ofString(body), "Content-Type", "application/json");
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
