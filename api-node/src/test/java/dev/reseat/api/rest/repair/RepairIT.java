package dev.reseat.api.rest.repair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls;
import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.NoAuthCase;
import dev.reseat.api.rest.RestFixture;
import dev.reseat.contract.volume.ResetStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Tag("database")
class RepairIT extends NoAuthCase {
    @Test
    void whatIsOfferedIsOpenToAll() {
        try (var anybody = new HttpCalls(node.server.port())) {
            assertThat(anybody.get("/reseat/v1").json().path("version").path("offers"))
                    .extracting(offer -> offer.path("path").asString())
                    .contains("/jobs", "/findings", "/journal/{id}/undo");
        }
    }

    @Test
    void secretsOfAMappingAreShownOnlyWhenAskedForByName() {
        String instance = cloud.instance();
        String volume = cloud.volume("in-use");
        String mapping = cloud.blockDevice(
                instance,
                volume,
                Map.of("connection_info",
                        "{\"data\": {\"auth_password\": \"p\", \"target_lun\": 0}, \"serial\": \"s\"}"));
        String path = "/reseat/v1/block-device-mappings/" + mapping;

        JsonNode masked = http.get(path).json().path("block_device_mapping");
        JsonNode open = http.get(path + "?show_secrets=true").json().path("block_device_mapping");
        JsonNode found = http.get(
                "/reseat/v1/block-device-mappings?instance=" + instance + "&volume=" + volume)
                .json()
                .path("block_device_mappings");

        assertThat(masked.path("connection_info").path("data").path("auth_password").stringValue()).isEqualTo("***");
        assertThat(open.path("connection_info").path("data").path("auth_password").stringValue()).isEqualTo("p");
        assertThat(masked.path("volume_id").stringValue()).isEqualTo(volume);
        assertThat(found).hasSize(1);
        assertThat(found.path(0)).isEqualTo(masked);
    }

    @Test
    void aTimeThatNobodyCanCountIsARequestThatMakesNoSense() {
        String fence = "/reseat/v1/volumes/" + cloud.volume("in-use") + "/fence";
        for (String seconds : List.of("0", "31622401", "2147483648", "9223372036854775807", "1e400")) {
            Answer refused = http.post(fence, "{\"client\": \"192.0.2.7:0/1\", \"seconds\": " + seconds + "}");

            assertThat(refused.status()).as(seconds).isEqualTo(400);
            assertThat(refused.body()).contains("seconds");
        }
        Answer older = http.post(
                "/reseat/v1/jobs", "{\"repair\": {}, \"select\": {\"older_than\": 9223372036854775807}}");
        assertThat(older.status()).isEqualTo(400);
        assertThat(older.body()).contains("older_than");
    }

    @Test
    void aDriversSecretsReachNeitherAnswerNorJournal() {
        String volume = cloud.volume("error");
        node.reset = _ -> new ResetStatus.Result(
                ResetStatus.Outcome.FAILED, "scripted",
                "iscsiadm -T iqn.x -n node.session.auth.password -v SECRETa; rbd:p/v:id=c:key=SECRETb:mon_host=m",
                List.of());
        String path = "/reseat/v1/volumes/" + volume + "/reset";

        Answer refused = http.post(path, "{\"status\": \"available\"}");
        Answer forced = http.post(path, "{\"status\": \"available\", \"force\": [\"ignore-driver-error\"],"
                + " \"reason\": \"password=SECRETc, seen\"}");
        node.reset = RestFixture.PROVED;
        String journal = http.get("/reseat/v1/journal?subject=" + volume).body();

        assertThat(refused.body()).contains("-v ***", "iqn.x", "mon_host=m").doesNotContain("SECRET");
        assertThat(forced.body()).contains("-v ***", "iqn.x").doesNotContain("SECRET");
        assertThat(journal).contains("-v ***", "iqn.x", "seen").doesNotContain("SECRET");
    }

    @Test
    void mountOptionsOfAMappingAreMaskedAndItsExportIsNot() {
        String mapping = cloud.blockDevice(cloud.instance(), cloud.volume("in-use"), Map.of("connection_info",
                "{\"driver_volume_type\": \"smbfs\", \"data\": {\"export\": \"//192.0.2.50/x\", \"options\":"
                        + " \"-o vers=3.0,username=a,password=SECRET,domain=LAB\"}}"));

        String shown = http.get("/reseat/v1/block-device-mappings/" + mapping).body();

        assertThat(shown).contains("//192.0.2.50/x", "username=a,password=***,domain=LAB").doesNotContain("SECRET");
    }

    @Test
    void aDryRunOfAResetChangesNothing() {
        String volume = cloud.volume("error");

        JsonNode plan = http.post("/reseat/v1/volumes/" + volume + "/reset",
                "{\"status\": \"available\", \"dry_run\": true}")
                .json()
                .path("reset");

        assertThat(plan.path("before").path("status").stringValue()).isEqualTo("error");
        assertThat(plan.path("after").isNull()).isTrue();
        assertThat(plan.path("journal").isNull()).isTrue();
        assertThat(status(volume)).isEqualTo("error");
    }

    @Test
    void aResetIsReportedAndJournalled() {
        String volume = cloud.volume("error");

        Answer answer = http.post(
                "/reseat/v1/volumes/" + volume + "/reset", "{\"status\": \"available\", \"reason\": \"ticket 7\"}");
        JsonNode report = answer.json().path("reset");
        JsonNode journal = http.get("/reseat/v1/journal?subject=" + volume).json().path("journal");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(report.path("after").path("status").stringValue()).isEqualTo("available");
        assertThat(report.path("detail").stringValue()).contains("nothing is connected");
        assertThat(status(volume)).isEqualTo("available");
        assertThat(journal).hasSize(1);
        assertThat(journal.path(0).path("id")).isEqualTo(report.path("journal"));
        assertThat(journal.path(0).path("request_id").stringValue())
                .isEqualTo(answer.header("X-Openstack-Request-Id"));
        assertThat(journal.path(0).path("reason").stringValue()).isEqualTo("ticket 7");
        assertThat(journal.path(0).path("steps")).isNotEmpty();
    }

    @Test
    void aDriverErrorIsOverruledOnlyByForceWithAReason() {
        String volume = cloud.volume("error");
        node.reset = _ -> new ResetStatus.Result(ResetStatus.Outcome.FAILED, "scripted", "disk is on fire", List.of());
        String path = "/reseat/v1/volumes/" + volume + "/reset";

        Answer refused = http.post(path, "{\"status\": \"available\"}");
        Answer forced = http.post(
                path, "{\"status\": \"available\", \"force\": [\"ignore-driver-error\"], \"reason\": \"burnt\"}");
        node.reset = RestFixture.PROVED;

        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.message("computeFault")).contains("disk is on fire");
        assertThat(refused.json().at("/computeFault/error").stringValue()).isEqualTo("driver_failed");
        assertThat(refused.json().at("/computeFault/next").stringValue())
                .startsWith("reseat volume reset-state --state available --force ignore-driver-error");
        assertThat(forced.status()).isEqualTo(200);
        assertThat(status(volume)).isEqualTo("available");
    }

    @Test
    void wrongRequestsAreRefused() {
        assertThat(http.post("/reseat/v1/volumes/v/reset", "{\"status\": \"available\", \"dry_run\": 1}")
                .message("badRequest"))
                .isEqualTo("Invalid input for field/attribute dry_run. Value: 1. 1 is not of type 'boolean'");
        assertThat(http.post("/reseat/v1/block-device-mappings/b/refresh", "{\"connector\": []}").message("badRequest"))
                .isEqualTo(
                        "Invalid input for field/attribute connector. Value: []. [] is not of type 'object', 'null'");
        assertThat(http.post("/reseat/v1/block-device-mappings/b/refresh", "").status()).isEqualTo(404);
        assertThat(http.get("/reseat/v1/block-device-mappings").status()).isEqualTo(400);
        assertThat(http.get("/reseat/v1/journal").status()).isEqualTo(400);
        assertThat(http.get("/reseat/v1/journal?subject=x&limit=0").status()).isEqualTo(400);
    }

    @Test
    void whatIsMissingAndWhatIsInTheWayHaveCodesOfTheirOwn() {
        String instance = cloud.instance(Map.of("vm_state", "active"));
        String volume = cloud.volume("in-use");
        String mapping = cloud.blockDevice(instance, volume, Map.of());
        String nobody = "99999999-1111-4111-8111-111111111111";
        String mappings = "/reseat/v1/block-device-mappings";

        assertThat(code(http.get(mappings + "/" + nobody))).isEqualTo("mapping_not_found");
        assertThat(code(http.get(mappings + "?instance=" + nobody))).isEqualTo("instance_not_found");
        assertThat(code(http.get(mappings + "?instance=" + instance + "&volume=" + nobody)))
                .isEqualTo("mapping_not_found");
        assertThat(code(http.post("/reseat/v1/volumes/" + nobody + "/reset", "{\"status\": \"error\"}")))
                .isEqualTo("volume_not_found");
        assertThat(code(http.post(mappings + "/" + mapping + "/refresh", "{}"))).isEqualTo("instance_state");
        assertThat(code(http.post("/reseat/v1/volumes/" + volume + "/reset", "{\"status\": \"available\"}")))
                .isEqualTo("volume_in_use");
        cloud.blockDevice(instance, volume, Map.of());
        assertThat(code(http.get(mappings + "?instance=" + instance + "&volume=" + volume)))
                .isEqualTo("several_mappings");
    }

    private static String code(Answer answer) {
        return answer.json().iterator().next().path("error").stringValue();
    }

    private static Object status(String volume) {
        return cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", volume).get("status");
    }
}
