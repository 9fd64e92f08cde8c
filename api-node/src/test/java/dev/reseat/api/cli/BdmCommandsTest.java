package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BdmCommandsTest {
    private static final String BDM = "bbbbbbbb-1111-4111-8111-111111111111";
    private static final String INSTANCE = "cccccccc-1111-4111-8111-111111111111";
    private static final String VOLUME = "dddddddd-1111-4111-8111-111111111111";
    private static final String FIND =
            "GET /reseat/v1/block-device-mappings?instance=" + INSTANCE + "&volume=" + VOLUME;
    private static final String SHOW = "GET /reseat/v1/block-device-mappings/" + BDM;
    private static final String REFRESH = "POST /reseat/v1/block-device-mappings/" + BDM + "/refresh";
    private static final String MAPPING =
            """
            {"id": 8, "uuid": "%s", "created_at": "2026-11-22T06:46:12.288451", "deleted": false, "boot_index": null,
             "volume_id": "%s", "connection_info":
             {"driver_volume_type": "iscsi", "data": {"auth_password": "***", "target_lun": 0}}}
            """.formatted(BDM, VOLUME);
    private static final String REPORT =
            """
            {"refresh": {"bdm_uuid": "%s", "instance_uuid": "%s", "volume_id": "%s", "journal": "0b5d",
             "old_attachment_id": "a1", "new_attachment_id": "a2", "before": {"x": 1}, "after": {"x": 2},
             "changed": true, "steps": [{"name": "lock", "by": "api-node"}, {"name": "unlock", "by": "api-node"}]}}
            """.formatted(BDM, INSTANCE, VOLUME);

    private static final String UNNEEDED =
            """
            {"refresh": {"bdm_uuid": "%s", "instance_uuid": "%s", "volume_id": "%s", "old_attachment_id": "a1",
             "new_attachment_id": "a1", "before": {"x": 1}, "after": {"x": 1}, "changed": false,
             "unneeded": "what is stored is right", "steps": []}}
            """.formatted(BDM, INSTANCE, VOLUME);

    private final RecordedServer server = new RecordedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void showPrintsATableAsNovaManageDoes() {
        server.knows(SHOW, 200, "{\"block_device_mapping\": " + MAPPING + "}");

        CliRun run = CliRun.at(server, "bdm", "show", BDM);

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(
                "| boot_index      | None ",
                "| connection_info | {\"driver_volume_type\":\"iscsi\",",
                "| created_at      | 2026-11-22 06:46:12.288451+00:00 ",
                "| deleted         | False ");
    }

    @Test
    void aRefreshThatIsNotNeededSaysSo() {
        server.knows(REFRESH, 200, UNNEEDED);

        CliRun run = CliRun.at(server, "bdm", "refresh", BDM);

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(
                """
                mapping %s: nothing to do: what is stored is right
                  instance:   %s
                  volume:     %s
                  attachment: a1
                  stored:     {"x":1}
                """.formatted(BDM, INSTANCE, VOLUME));
    }

    @Test
    void connectionInfoIsATableOfItsKeysOrTheStoredText() {
        server.knows(FIND, 200, "{\"block_device_mappings\": [" + MAPPING + "]}");

        CliRun table = CliRun.at(server, "bdm", "show", INSTANCE, VOLUME, "--connection-info");
        CliRun text = CliRun.at(server, "bdm", "show", INSTANCE, VOLUME, "--connection_info", "--json");

        assertThat(table.out()).isEqualTo(
                """
                +--------------------+-------------------------------------------+
                | Property           | Value                                     |
                +--------------------+-------------------------------------------+
                | data               | {'auth_password': '***', 'target_lun': 0} |
                | driver_volume_type | iscsi                                     |
                +--------------------+-------------------------------------------+
                """);
        assertThat(text.out()).isEqualTo(
                """
                {"driver_volume_type":"iscsi","data":{"auth_password":"***","target_lun":0}}
                """);
    }

    @Test
    void secretsAreAskedForByName() {
        server.knows(SHOW + "?show_secrets=true", 200, "{\"block_device_mapping\": " + MAPPING + "}");

        assertThat(CliRun.at(server, "bdm", "show", BDM, "--show-secrets", "--json").code()).isZero();
    }

    @Test
    void connectionInfoThatIsNotStoredIsAFailure() {
        server.knows(SHOW, 200, "{\"block_device_mapping\": {\"connection_info\": null}}");

        assertThat(CliRun.at(server, "bdm", "show", BDM, "--connection-info").code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--json", "--show-secrets"})
    void aDamagedConnectionInfoIsSaidToBeDamagedAndNotShownAsOne(String option) {
        String damaged =
                "{\"block_device_mapping\": {\"connection_info\": {\"damaged\": \"it is cut off after 9 characters\","
                        + " \"stored\": \"{'data': \"}}}";
        server.knows(SHOW, 200, damaged).knows(SHOW + "?show_secrets=true", 200, damaged);
        String[] words = option.isEmpty()
                ? new String[]{"bdm", "show", BDM, "--connection-info"}
                : new String[]{"bdm", "show", BDM, "--connection-info", option};

        CliRun run = CliRun.at(server, words);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out() + run.err()).contains(
                "The stored connection_info is damaged: it is cut off after 9 characters. A refresh mends it.");
        assertThat(run.out()).doesNotContain("driver_volume_type", "Property");
        assertThat(CliRun.at(server, "bdm", "show", BDM).out()).contains("it is cut off after 9 characters");
    }

    @ParameterizedTest
    @CsvSource({"2, 4, instance_not_found", "3, 6, mapping_not_found", "3, 6, volume_not_found", "3, 6, of_tomorrow"})
    void whatIsMissingIsToldByTheExitCode(int show, int refresh, String code) {
        server.knows(FIND, 404, error(404, code, "not there"));

        assertThat(CliRun.at(server, "bdm", "show", INSTANCE, VOLUME).code()).isEqualTo(show);
        assertThat(CliRun.at(server, "bdm", "refresh", INSTANCE, VOLUME).code()).isEqualTo(refresh);
    }

    @ParameterizedTest
    @CsvSource({
            "5, 409, instance_state",
            "7, 409, wrong_host",
            "8, 409, changed_meanwhile",
            "8, 409, of_tomorrow",
            "4, 404, instance_not_found",
            "6, 404, mapping_not_found",
            "1, 500, not_as_before",
            "9, 504, outcome_unknown",
            "10, 503, peer_unreachable",
            "11, 403, forbidden"})
    void refreshTellsByItsExitCodeWhyItWasNotDone(int code, int status, String error) {
        server.knows(REFRESH, status, error(status, error, "in whatever words"));

        CliRun run = CliRun.at(server, "bdm", "refresh", BDM, "--json");

        assertThat(run.code()).isEqualTo(code);
        JsonNode said = JsonMapper.shared().readTree(run.out()).at("/mappings/0/error");
        assertThat(said.path("exit_code").asInt()).isEqualTo(code);
        assertThat(said.path("error").asString()).isEqualTo(error);
    }

    /** Words are for people, and may change. */
    @ParameterizedTest
    @CsvSource({
            "6, 404, Instance i could not be found.",
            "8, 409, Instance i is active; it must be stopped. Next: openstack server stop i",
            "8, 409, The connector may have been read on the wrong compute host."})
    void noWordsAreReadForTheirMeaning(int code, int status, String message) {
        server.knows(REFRESH, status, error(status, message));

        CliRun run = CliRun.at(server, "bdm", "refresh", BDM);

        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err()).contains(message).doesNotContain("next:");
    }

    /**
     * As os-brick of several releases writes them: with Fibre Channel, without initiator, with keys nobody here knows.
     */
    @ParameterizedTest
    @ValueSource(strings = {
            "{\"host\": \"host-a\", \"multipath\": false}",
            "{\"ip\": \"192.0.2.200\", \"initiator\": null, \"host\": \"host-a\", \"instance\": \"vm-90\"}",
            "{\"initiator\": \"iqn.1994-05.com.redhat:5ef8\", \"ip\": \"192.0.2.1\", \"system uuid\": \"965D05B4\","
                    + " \"platform\": \"x86_64\", \"host\": \"host-a\", \"do_local_attach\": false, \"mountpoint\": "
                    + "\"/dev/vdb\","
                    + " \"os_type\": \"linux2\", \"multipath\": true, \"wwpns\": [\"21000024ff59fe94\", "
                    + "\"21000024ff59fe95\"],"
                    + " \"wwnns\": [\"20000024ff59fe94\"], \"mode\": null, \"key_of_tomorrow\": {\"a\": [1, 2.5, "
                    + "null]}}"
    })
    void aConnectorFileIsSentAsItIs(String connector, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("connector.json"), connector);
        server.knows(REFRESH, 200, REPORT);

        CliRun run =
                CliRun.at(server, "bdm", "refresh", BDM, "--connector-file", file.toString(), "--reason", "MON moved");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("attachment: a1 -> a2", "{\"x\":1}", "{\"x\":2}", "done:       unlock");
        assertThat(JsonMapper.shared().readTree(server.requests().getLast().body())).isEqualTo(
                JsonMapper.shared().readTree("{\"connector\": " + connector + ", \"reason\": \"MON moved\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "host-a", "[]", "null", "", "5", "{}", "{\"ip\": \"192.0.2.4\"}", "{\"host\": null}", "{\"host\": 5}",
            "{\"host\": \" \"}", "Connector: {'host': 'host-a'}", "{'host': 'host-a'}", "{\"host\": \"host-a\"} {}",
            "{\"host\": \"host-a\""
    })
    void whatIsNoConnectorIsRefusedBeforeAnybodyIsAsked(String text, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("connector.json"), text);

        CliRun run = CliRun.at(server, "bdm", "refresh", BDM, "--connector-file", file.toString());

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("Failed to open " + file + ". Does it contain valid connector_info data?");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aConnectorFileThatIsMissingOrUnreadableIsToldByTheExitCode(@TempDir Path folder) throws IOException {
        Path noText = Files.write(folder.resolve("binary.json"), new byte[]{(byte) 0xff, (byte) 0xfe, 0, 1});

        assertThat(CliRun.at(server, "bdm", "refresh", BDM, "--connector-file", folder + "/none").code()).isEqualTo(2);
        assertThat(CliRun.at(server, "bdm", "refresh", BDM, "--connector-file", noText.toString()).code()).isEqualTo(3);
        assertThat(CliRun.at(server, "bdm", "refresh", BDM, "--connector-file", folder.toString()).code()).isEqualTo(3);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void allVolumesOfAnInstanceAreRefreshedInTurn() {
        server.knows("GET /reseat/v1/block-device-mappings?instance=" + INSTANCE, 200,
                """
                        {"block_device_mappings": [{"uuid": "b1", "volume_id": "v1"}, {"uuid": "b2", "volume_id": null},
                         {"uuid": "b3", "volume_id": "v3"}]}
                        """)
                .knows("POST /reseat/v1/block-device-mappings/b1/refresh", 200, REPORT)
                .knows("POST /reseat/v1/block-device-mappings/b3/refresh", 409, error(409, "busy"));

        CliRun run = CliRun.at(server, "bdm", "refresh", "--all-volumes-of", INSTANCE, "--json");

        assertThat(run.code()).isEqualTo(8);
        assertThat(run.err()).isEqualTo("[1/2] b1\n[2/2] b3\n");
        JsonNode mappings = JsonMapper.shared().readTree(run.out()).path("mappings");
        assertThat(mappings.at("/0/refresh/new_attachment_id").asString()).isEqualTo("a2");
        assertThat(mappings.at("/1/error/message").asString()).isEqualTo("busy");
    }

    @Test
    void ofTwoMappingsOfOneVolumeNoneIsTakenUnlessItIsChosen() {
        server.knows("GET /reseat/v1/block-device-mappings?instance=" + INSTANCE, 200,
                """
                        {"block_device_mappings": [{"uuid": "b1", "volume_id": "v1"}, {"uuid": "b2", "volume_id": \
                        "v1"}]}
                        """)
                .knows("GET /reseat/v1/block-device-mappings?instance=" + INSTANCE + "&volume=v1", 409,
                        error(409, "Volume v1 has 2 mappings in instance i: b1; b2."));

        CliRun run = CliRun.at(server, "bdm", "refresh", "--all-volumes-of", INSTANCE, "--json");

        assertThat(run.code()).isEqualTo(8);
        assertThat(run.out()).contains("b1; b2");
        assertThat(server.requests()).noneMatch(request -> request.toString().contains("POST"));
    }

    @Test
    void itMustBeSaidWhichMappingsToRefresh() {
        assertThat(CliRun.at(server, "bdm", "refresh").code()).isEqualTo(2);
        assertThat(CliRun.at(server, "bdm", "refresh", BDM, "--all-volumes-of", INSTANCE).code()).isEqualTo(2);
    }

    private static String error(int status, String message) {
        return "{\"error\": {\"code\": " + status + ", \"message\": \"" + message + "\"}}";
    }

    private static String error(int status, String code, String message) {
        return "{\"conflictingRequest\": {\"code\": " + status + ", \"message\": \"" + message + "\", \"error\": \""
                + code
                + "\"}}";
    }
}
