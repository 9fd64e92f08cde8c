package dev.reseat.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.keystone.FakeKeystone;
import dev.reseat.api.rest.policy.PolicyRules;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a project's member may see and do, and what only administrators may, with tokens of Keystone. */
@Tag("database")
class PolicyIT {
    private static final String LATER = "2999-01-01T00:00:00.000000Z";
    private static final String RESET = "{\"os-reset_status\": {\"status\": \"available\"}}";

    private static FakeKeystone keystone;
    private static RestFixture node;
    private static HttpCalls member;
    private static HttpCalls admin;
    private static String own;
    private static String foreign;

    @BeforeAll
    static void open() throws IOException {
        keystone = new FakeKeystone();
        keystone.token("t-member", "u2", CloudFixture.PROJECT, LATER, "member");
        keystone.token("t-admin", "u1", "admins", LATER, "admin");
        node = RestFixture.with("""
                [keystone_authtoken]
                auth_url = %s
                username = reseat
                password = s3cret
                project_name = services
                """.formatted(keystone.url()));
        member = new HttpCalls(node.server.port(), "X-Auth-Token", "t-member", "OpenStack-API-Version", "volume 3.27");
        admin = new HttpCalls(node.server.port(), "X-Auth-Token", "t-admin");
        own = node.cloud.volume(Map.of("status", "error", "display_name", "own"));
        foreign = node.cloud.volume(Map.of("status", "error", "project_id", "other"));
    }

    @AfterAll
    static void close() {
        member.close();
        admin.close();
        node.close();
        keystone.close();
    }

    @Test
    void withoutATokenThereIsOnlyDiscovery() {
        try (var anybody = new HttpCalls(node.server.port())) {
            assertThat(anybody.get("/").status()).isEqualTo(300);
            assertThat(anybody.get("/v2.1/").status()).isEqualTo(200);
            assertThat(anybody.get("/v3/").status()).isEqualTo(401);
            assertThat(anybody.get("/v3/volumes").status()).isEqualTo(401);
            assertThat(anybody.get("/v3/nonsense").status()).isEqualTo(401);
            assertThat(anybody.get("/reseat/v1/journal?subject=x").status()).isEqualTo(401);
        }
    }

    @Test
    void aMemberSeesHisProjectsVolumesWithoutTheirHosts() {
        Answer shown = member.get("/v3/volumes/" + own);

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.json().path("volume").has("os-vol-host-attr:host")).isFalse();
        assertThat(shown.json().path("volume").has("migration_status")).isFalse();
        assertThat(member.get("/v3/volumes/" + foreign).message("itemNotFound"))
                .isEqualTo("Volume " + foreign + " could not be found.");
        assertThat(member.get("/v3/volumes?all_tenants=1").body()).contains(own).doesNotContain(foreign);
        assertThat(admin.get("/v3/volumes?all_tenants=1").body()).contains(own, foreign);
    }

    @Test
    void aMemberMayNotFilterByWhatIsHidden() {
        assertThat(member.get("/v3/volumes?host=host-1&name=own").body()).contains(own);
        assertThat(member.get("/v3/volumes?host=host-1", "OpenStack-API-Version", "volume 3.31").message("badRequest"))
                .isEqualTo("Invalid filters host are found in query options.");
    }

    @Test
    void aMemberMayNotReset() {
        String unused = node.cloud.volume(Map.of("status", "error", "project_id", "other"));
        assertThat(member.post("/v3/volumes/" + own + "/action", RESET).message("forbidden"))
                .isEqualTo("Policy doesn't allow volume_extension:volume_admin_actions:reset_status to be performed.");
        assertThat(member.post("/v3/volumes/" + unused + "/action", RESET).status()).isEqualTo(404);
        assertThat(admin.post("/v3/volumes/" + unused + "/action", RESET).status()).isEqualTo(202);
    }

    @Test
    void connectionsOfOthersAreNotFound() {
        String attachment = node.cloud.attachment(foreign, Map.of("connection_info", "{\"auth_password\": \"p\"}"));
        String mine = node.cloud.attachment(own, "attached");

        assertThat(member.get("/v3/attachments/" + attachment).status()).isEqualTo(404);
        assertThat(member.get("/v3/attachments/detail?all_tenants=1").body()).contains(mine).doesNotContain(attachment);
        assertThat(member.get("/v3/attachments?marker=" + attachment).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
            "GET, /reseat/v1/block-device-mappings/x, reseat:block_device_mappings:show",
            "GET, /reseat/v1/block-device-mappings?instance=x, reseat:block_device_mappings:list",
            "POST, /reseat/v1/block-device-mappings/x/refresh, reseat:block_device_mappings:refresh",
            "POST, /reseat/v1/volumes/x/reset, volume_extension:volume_admin_actions:reset_status",
            "POST, /reseat/v1/volumes/x/repair, reseat:volumes:repair",
            "POST, /reseat/v1/volumes/x/fence, reseat:volumes:fence",
            "GET, /reseat/v1/journal?subject=x, reseat:journal:list",
            "GET, /reseat/v1/journal/x/receipt, reseat:journal:receipt",
            "POST, /reseat/v1/journal/x/undo, reseat:journal:undo",
            "POST, /reseat/v1/diagnoses, reseat:diagnoses:create",
            "POST, /reseat/v1/captures, reseat:captures:create",
            "GET, /reseat/v1/services?wait=1, reseat:services:list",
            "GET, /reseat/v1/findings, reseat:findings:list",
            "GET, /reseat/v1/findings/x, reseat:findings:show",
            "POST, /reseat/v1/findings/x/ignore, reseat:findings:ignore",
            "POST, /reseat/v1/findings/x/unignore, reseat:findings:unignore",
            "GET, /reseat/v1/sweeps, reseat:sweeps:list",
            "GET, /reseat/v1/jobs, reseat:jobs:list",
            "POST, /reseat/v1/jobs, reseat:jobs:create",
            "GET, /reseat/v1/jobs/x, reseat:jobs:show",
            "GET, /reseat/v1/jobs/x/items, reseat:jobs:items",
            "GET, /reseat/v1/jobs/x/events, reseat:jobs:events",
            "POST, /reseat/v1/jobs/x/plan, reseat:jobs:plan",
            "POST, /reseat/v1/jobs/x/apply, reseat:jobs:apply",
            "POST, /reseat/v1/jobs/x/pause, reseat:jobs:pause",
            "POST, /reseat/v1/jobs/x/resume, reseat:jobs:resume",
            "POST, /reseat/v1/jobs/x/cancel, reseat:jobs:cancel",
            "POST, /reseat/v1/jobs/x/retry-failed, reseat:jobs:retry_failed",
            "POST, /reseat/v1/jobs/x/undo, reseat:jobs:undo",
            "GET, /v3/os-services, volume_extension:services:index",
    })
    void ourOwnApiIsForAdministrators(String method, String path, String rule) {
        Answer answer = method.equals("GET") ? member.get(path) : member.post(path, "{\"status\": \"available\"}");

        assertThat(answer.message("forbidden")).isEqualTo("Policy doesn't allow " + rule + " to be performed.");
    }

    /** A rule that is added is added above, too. */
    @Test
    void everyRuleOfOurOwnIsTriedAbove() throws NoSuchMethodException {
        CsvSource rows = PolicyIT.class
                .getDeclaredMethod("ourOwnApiIsForAdministrators", String.class, String.class, String.class)
                .getAnnotation(CsvSource.class);

        assertThat(Stream.of(rows.value()).map(row -> row.replaceFirst(".*, ", "")))
                .containsAll(PolicyRules.names().stream().filter(name -> name.startsWith("reseat:")).toList());
    }
}
