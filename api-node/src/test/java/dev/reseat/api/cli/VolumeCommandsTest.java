package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.cli.RecordedServer.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class VolumeCommandsTest {
    private static final String A = "11111111-1111-4111-8111-111111111111";
    private static final String B = "22222222-2222-4222-8222-222222222222";
    private static final String REPORT =
            """
            {"reset": {"volume_id": "%s", "journal": "0b5d",
             "before": {"status": "attaching", "attach_status": "detached", "migration_status": null, "attachments": 1},
             "after": {"status": "available", "attach_status": "detached", "migration_status": null, "attachments": 0},
             "driver": "proved", "detail": "no export is left",
             "connections": [{"attachment_id": "a1", "host": "host-a", "exported": "no", "in_use": "no", "detail": \
            "gone"}]}}
            """;

    private final RecordedServer server = new RecordedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aStateMustBeSaid() {
        CliRun run = CliRun.at(server, "volume", "reset-state", A);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("there is no default state", "reseat volume reset-state --help");
        assertThat(server.requests()).isEmpty();
    }

    /** As of a shell variable that is not set: of volumes without a name there may be just one. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", ".."})
    void whatNamesNothingIsNotAskedFor(String nothing) {
        for (List<String> words : List.of(
                List.of("volume", "reset-state", A, nothing, "--state", "available"),
                List.of("volume", "show", nothing), List.of("repair", A, nothing), List.of("diagnose", nothing),
                List.of("job", "cancel", nothing), List.of("undo", nothing))) {
            CliRun run = CliRun.at(server, words.toArray(String[]::new));

            assertThat(run.code()).as(words.toString()).isEqualTo(2);
            assertThat(run.err()).contains("is neither an id nor a name");
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aClientIsKeptOutOnlyByNameAndWithAReason() {
        String line = "POST /reseat/v1/volumes/" + A + "/fence";
        server.knows(line, 200, """
                {"fence": {"volume_id": "%s", "client": "192.0.2.7:0/1", "seen": ["has a lock"],
                 "steps": ["fence_client 192.0.2.7:0/1"], "undo": "cannot be undone: lift it", "journal": "0b5d",
                 "outcome": "kept out"}}
                """.formatted(A));

        assertThat(CliRun.at(server, "volume", "fence", A, "--reason", "x").code()).isEqualTo(2);
        assertThat(CliRun.at(server, "volume", "fence", A, "--client", "192.0.2.7:0/1"))
                .matches(run -> run.code() == 2 && run.err().contains("--reason"));
        assertThat(server.requests()).isEmpty();
        CliRun run = CliRun.at(
                server, "volume", "fence", A, "--client", "192.0.2.7:0/1", "--seconds", "60", "--unseen", "--reason",
                "cut off");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("192.0.2.7:0/1 is kept out", "seen:    has a lock", "now:     kept out",
                "undo:    cannot be undone: lift it", "journal: 0b5d");
        assertThat(JsonMapper.shared().readTree(server.requests().getFirst().body()))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"client": "192.0.2.7:0/1", "seconds": 60, "unseen": true, "dry_run": false,
                         "reason": "cut off"}
                        """));
    }

    @Test
    void aForceNeedsAReasonAndAKnownGrade() {
        assertThat(CliRun.at(server, "volume", "reset-state", A, "--state", "error", "--force", "skip-driver"))
                .matches(run -> run.code() == 2 && run.err().contains("--reason"));
        assertThat(CliRun.at(server, "volume", "reset-state", A, "--state", "error", "--force", "yes", "--reason", "x"))
                .matches(run -> run.code() == 2 && run.err().contains("not 'yes'"));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aResetSendsWhatWasSaidAndPrintsWhatEachSourceSaid() {
        server.knows("POST /reseat/v1/volumes/" + A + "/reset", 200, REPORT.formatted(A));

        CliRun run =
                CliRun.at(server, "volume", "reset-state", A, "--state", "available", "--attach-status", "detached",
                        "--reset-migration-status", "--force", "accept-unknown", "--force", "ignore-driver-error",
                        "--reason", "host is gone");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(
                """
                volume %s: reset
                  before:  attaching/detached, 1 attachment
                  driver:  proved: no export is left
                  backend: attachment a1, host host-a, exported no, in use no: gone
                  after:   available/detached, 0 attachments
                  journal: 0b5d
                """.formatted(A));
        Request request = server.requests().getFirst();
        assertThat(request.token()).contains("ada:7c1d");
        assertThat(JsonMapper.shared().readTree(request.body())).isEqualTo(JsonMapper.shared()
                .readTree(
                        """
                {"status": "available", "attach_status": "detached", "migration_status": "none",
                 "force": ["accept-unknown", "ignore-driver-error"], "reason": "host is gone"}
                """));
    }

    @Test
    void aNameIsLookedUpAsCinderDoes() {
        server.knows("GET /v3/volumes/data%201", 404, "{\"itemNotFound\": {\"code\": 404, \"message\": \"no\"}}")
                .knows("GET /v3/volumes/detail?all_tenants=1&name=data%201", 200,
                        "{\"volumes\": [{\"id\": \"" + A + "\"}]}")
                .knows("POST /reseat/v1/volumes/" + A + "/reset", 200, REPORT.formatted(A));

        assertThat(CliRun.at(server, "volume", "reset-state", "data 1", "--state", "available").code()).isZero();
    }

    @Test
    void aNameThatMeansSeveralIsRefused() {
        server.knows("GET /v3/volumes/detail?all_tenants=1&name=data", 200,
                "{\"volumes\": [{\"id\": \"" + A + "\"}, {\"id\": \"" + B + "\"}]}");

        CliRun run = CliRun.at(server, "volume", "show", "data");

        assertThat(run.code()).isEqualTo(8);
        assertThat(run.err()).contains("Multiple volume matches found for 'data'");
    }

    @Test
    void aVolumeThatIsMissingIsNamed() {
        server.knows("GET /v3/volumes/detail?all_tenants=1&name=data", 200, "{\"volumes\": []}");

        CliRun run = CliRun.at(server, "volume", "show", "data");

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).isEqualTo("reseat: No volume with a name or ID of 'data' exists.\n");
    }

    @Test
    void aRefusalNamesTheNextCommand() {
        server.knows("POST /reseat/v1/volumes/" + A + "/reset", 409, """
                {"conflictingRequest": {"code": 409, "message": "Volume is in use on host host-a.",
                 "error": "volume_in_use", "next": "reseat volume show %s"}}
                """.formatted(A));

        CliRun run = CliRun.at(server, "volume", "reset-state", A, "--state", "available");
        JsonNode json = JsonMapper.shared()
                .readTree(CliRun.at(server, "volume", "reset-state", A, "--state", "available", "--json").out())
                .at("/volumes/0/error");

        assertThat(run.code()).isEqualTo(8);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(A + ": Volume is in use on host host-a.\nnext: reseat volume show " + A + "\n");
        assertThat(json.path("error").asString()).isEqualTo("volume_in_use");
        assertThat(json.path("next").asString()).isEqualTo("reseat volume show " + A);
    }

    @Test
    void severalVolumesGoOnAfterAFailureAndAnUnknownOutcomeOutranks() {
        refuses(A, 409, "in use");
        server.knows("POST /reseat/v1/volumes/" + B + "/reset", 504,
                "{\"computeFault\": {\"code\": 504, \"message\": \"no answer in time\"}}");

        CliRun run = CliRun.at(server, "volume", "reset-state", "--json", "--state", "available", A, B);

        assertThat(run.code()).isEqualTo(9);
        JsonNode volumes = JsonMapper.shared().readTree(run.out()).path("volumes");
        assertThat(volumes.path(0).path("error").path("exit_code").asInt()).isEqualTo(8);
        assertThat(volumes.path(0).path("error").path("status").asInt()).isEqualTo(409);
        assertThat(volumes.path(1).path("error").path("message").asString()).isEqualTo("no answer in time");
        assertThat(run.err()).isEqualTo("[1/2] " + A + "\n[2/2] " + B + "\n");
    }

    @Test
    void aConnectionThatBreaksAfterTheRequestLeavesTheOutcomeUnknown() {
        server.hangsUpOn("POST /reseat/v1/volumes/" + A + "/reset");

        CliRun run = CliRun.at(server, "volume", "reset-state", A, "--state", "available");

        assertThat(run.code()).isEqualTo(9);
        assertThat(run.err()).contains("it may have been done");
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() {
        server.close();

        CliRun run = CliRun.at(server, "volume", "list", "--json");

        assertThat(run.code()).isEqualTo(10);
        assertThat(JsonMapper.shared().readTree(run.out()).path("error").path("exit_code").asInt()).isEqualTo(10);
    }

    @Test
    void aListFollowsItsPages() {
        server.knows("GET /v3/volumes/detail?all_tenants=1&limit=500&status=attaching", 200,
                """
                        {"volumes": [{"id": "%s", "status": "attaching", "name": null, "size": 1, "attachments": []}],
                         "volumes_links": [{"rel": "next", "href": "http://elsewhere/"}]}
                        """.formatted(A))
                .knows("GET /v3/volumes/detail?all_tenants=1&limit=500&status=attaching&marker=" + A, 200,
                        """
                        {"volumes": [{"id": "%s", "status": "attaching", "name": "b\\u001b[1m", "size": 20,
                          "attachments": [{"server_id": "s1"}, {"server_id": null}], "os-vol-host-attr:host": "h@f#p"}]}
                        """.formatted(B));

        CliRun run = CliRun.at(server, "volume", "list", "--status", "attaching");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(
                """
                +--------------------------------------+-----------+----------+------+-------+-------------+
                | ID                                   | Status    | Name     | Size | Host  | Attached to |
                +--------------------------------------+-----------+----------+------+-------+-------------+
                | 11111111-1111-4111-8111-111111111111 | attaching | -        | 1    | -     |             |
                | 22222222-2222-4222-8222-222222222222 | attaching | b\\x1b[1m | 20   | h@f#p | s1,-        |
                +--------------------------------------+-----------+----------+------+-------+-------------+
                """);
    }

    @Test
    void showPrintsAsCinderDoes() {
        server.knows("GET /v3/volumes/" + A, 200,
                """
                {"volume": {"id": "%s", "status": "in-use", "multiattach": false, "migration_status": null,
                 "metadata": {"k": "it's"}, "attachments": [{"server_id": "s1"}]}}
                """.formatted(A));

        CliRun run = CliRun.at(server, "volume", "show", A);

        assertThat(run.out().lines().toList()).isEqualTo(List.of(
                "+------------------+--------------------------------------+",
                "| Property         | Value                                |",
                "+------------------+--------------------------------------+",
                "| attachments      | [{'server_id': 's1'}]                |",
                "| id               | 11111111-1111-4111-8111-111111111111 |",
                "| metadata         | {'k': \"it's\"}                        |",
                "| migration_status | None                                 |",
                "| multiattach      | False                                |",
                "| status           | in-use                               |",
                "+------------------+--------------------------------------+"));
    }

    @Test
    void itMustBeKnownWhereToGoAndWhoAsks() {
        assertThat(CliRun.of(Map.of(), "volume", "list").err()).contains("RESEAT_ENDPOINT");
        assertThat(CliRun.of(Map.of(), "volume", "list", "--endpoint", "http://127.0.0.1:1").err())
                .contains("OS_TOKEN");
        assertThat(CliRun.of(Map.of(), "--endpoint", "ftp://x", "volume", "list").code()).isEqualTo(2);
    }

    @Test
    void aTokenFromTheEnvironmentIsUsed() {
        server.knows("GET /v3/volumes/" + A, 200, "{\"volume\": {\"id\": \"" + A + "\"}}");

        CliRun run = CliRun.of(Map.of("OS_TOKEN", "gAAAA"), "volume", "show", A, "--endpoint",
                server.endpoint() + "/reseat/v1/");

        assertThat(run.code()).isZero();
        assertThat(server.requests().getFirst().token()).isEqualTo(Optional.of("gAAAA"));
    }

    private void refuses(String volume, int status, String message) {
        server.knows("POST /reseat/v1/volumes/" + volume + "/reset", status,
                "{\"conflictingRequest\": {\"code\": " + status + ", \"message\": \"" + message + "\"}}");
    }
}
