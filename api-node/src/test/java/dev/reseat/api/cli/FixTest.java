package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code reseat diagnose --fix} and {@code reseat undo}. */
class FixTest {
    private static final String ID = "11111111-2222-3333-4444-555555555555";
    private static final String ORDERLY = "99999999-2222-3333-4444-555555555555";
    private static final String REPAIR = "POST /reseat/v1/volumes/" + ID + "/repair";
    private static final String UNDO = "cannot be undone: a connection that was taken down does not come back";

    private final RecordedServer server = new RecordedServer();
    private final List<String> questions = new ArrayList<>();

    @BeforeEach
    void oneOfTwoIsStuck() {
        String stuck = diagnosis(ID, "6", "pattern", "take_down");
        server.knows("POST /reseat/v1/diagnoses", 200, """
                {"diagnoses": [%s, %s], "missing": []}
                """.formatted(stuck, diagnosis(ORDERLY, "N1", "normal", "report")));
        server.knows(REPAIR, 200, """
                {"repair": {"before": %s, "steps": ["reset_status available (volume manager of h)"], "undo": "%s"}}
                """.formatted(stuck, UNDO));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void itIsDoneOnlyAfterAYesAndOnlyIfThePatternIsStillTheSame() {
        CliRun run = answering("yes", "diagnose", "--all", "--fix", "--reason", "stuck");

        assertThat(run.code()).as("%s", run).isZero();
        assertThat(questions).containsExactly("Repair 1 volume, of which 1 cannot be undone? [y/N] ");
        assertThat(run.out()).contains("undo:    " + UNDO, "done:    reset_status available");
        assertThat(repairs()).extracting(RecordedServer.Request::body)
                .satisfiesExactly(
                        dry -> assertThat(dry).contains("\"dry_run\":true", "\"pattern\":\"6\""),
                        real -> assertThat(real)
                                .contains("\"dry_run\":false", "\"pattern\":\"6\"", "\"reason\":\"stuck\""));
    }

    @Test
    void withoutAYesNothingIsChanged() {
        CliRun run = answering("", "diagnose", "--all", "--fix");

        assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("nothing was changed");
        assertThat(repairs()).hasSize(1).allSatisfy(request -> assertThat(request.body()).contains("\"dry_run\":true"));
    }

    @Test
    void whereNobodyCanBeAskedYesHasToBeGiven() {
        CliRun refused = CliRun.at(server, "diagnose", "--all", "--fix");
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("Give --yes");
        assertThat(repairs()).hasSize(1);

        CliRun done = CliRun.at(server, "diagnose", "--all", "--fix", "--yes", "--json");
        JsonNode volumes = JsonMapper.shared().readTree(done.out()).path("volumes");
        assertThat(volumes).hasSize(1);
        assertThat(volumes.path(0).path("volume").asString()).isEqualTo(ID);
        assertThat(volumes.path(0).path("repair").path("undo").asString()).isEqualTo(UNDO);
    }

    @Test
    void aDryRunAsksNobodyAndEndsThere() {
        CliRun run = answering("yes", "diagnose", "--all", "--fix", "--dry-run");

        assertThat(run.code()).isZero();
        assertThat(questions).isEmpty();
        assertThat(run.out()).contains("would:   reset_status available", "undo:    " + UNDO);
        assertThat(repairs()).hasSize(1);
    }

    @Test
    void whatIsRefusedIsToldAndNotAskedFor() {
        server.knows(REPAIR, 409, """
                {"conflictingRequest": {"code": 409, "message": "It shows N12 now.", "error": "changed_meanwhile"}}
                """);

        CliRun run = answering("yes", "diagnose", "--all", "--fix");

        assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("It shows N12 now.", "nothing is repaired");
        assertThat(questions).isEmpty();
    }

    @Test
    void moreThanAPersonReadsIsAJob() {
        String one = diagnosis(ID, "6", "pattern", "take_down");
        server.knows("POST /reseat/v1/diagnoses", 200, "{\"diagnoses\": ["
                + String.join(",", Collections.nCopies(Fix.MOST + 1, one)) + "], \"missing\": []}");

        CliRun run = answering("yes", "diagnose", "--all", "--fix");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("reseat job create --repair");
        assertThat(repairs()).isEmpty();
    }

    @Test
    void optionsOfAFixGoWithAFix() {
        assertThat(CliRun.at(server, "diagnose", "--all", "--yes").code()).isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.at(server, "diagnose", "--all", "--receipt", "r").code()).isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.at(server, "diagnose", "--all", "--fix", "--dry-run", "--receipt", "r").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.at(server, "diagnose", "--all", "--fix", "--exit-code").code()).isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.at(server, "diagnose", "--all", "--fix", "--json").code()).isEqualTo(ExitCode.USAGE);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void theReceiptOfTheOneThatWasRepairedIsKept(@TempDir Path folder) {
        server.knows(REPAIR, 200, """
                {"repair": {"before": %s, "steps": [], "undo": "%s", "journal": "j-1"}}
                """.formatted(diagnosis(ID, "6", "pattern", "take_down"), UNDO));
        server.knows("GET /reseat/v1/journal/j-1/receipt", 200, """
                {"receipt": {"protected": "aGVhZA", "payload": "Ym9keQ", "signature": "c2lnbg"}}
                """);
        Path file = folder.resolve("receipt.json");

        CliRun run = answering("yes", "diagnose", "--all", "--fix", "--receipt", file.toString());

        assertThat(run.code()).as("%s", run).isZero();
        assertThat(file).content().contains("Ym9keQ", "c2lnbg");
    }

    @Test
    void aReceiptIsOfOneVolume(@TempDir Path folder) {
        String one = diagnosis(ID, "6", "pattern", "take_down");
        server.knows("POST /reseat/v1/diagnoses", 200, "{\"diagnoses\": [" + one + "," + one + "], \"missing\": []}");
        Path file = folder.resolve("receipt.json");

        CliRun run = answering("yes", "diagnose", "--all", "--fix", "--receipt", file.toString());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("reseat journal receipt");
        assertThat(repairs()).hasSize(2)
                .allSatisfy(request -> assertThat(request.body()).contains("\"dry_run\":true"));
        assertThat(file).doesNotExist();
    }

    @Test
    void anUndoSaysHowAndWhere() {
        server.knows("POST /reseat/v1/journal/j-1/undo", 200, """
                {"undo": {"entry": "j-1", "volume_id": "%s", "how": "reset to error",
                  "steps": ["set status error (api-node)"], "journal": "j-2", "observations": []}}
                """.formatted(ID));

        CliRun run = CliRun.at(server, "undo", "j-1", "--reason", "the wrong one");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(
                "journal entry j-1 of volume " + ID + ": undone", "by:      reset to error",
                "done:    set status error", "journal: j-2");
        assertThat(server.requests().getFirst().body()).contains("\"dry_run\":false", "\"reason\":\"the wrong one\"");
    }

    private List<RecordedServer.Request> repairs() {
        return server.requests().stream().filter(request -> request.line().equals(REPAIR)).toList();
    }

    private CliRun answering(String answer, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of(
                "RESEAT_ENDPOINT", server.endpoint(), "OS_AUTH_TYPE", "noauth", "OS_USER_ID", "ada",
                "OS_PROJECT_ID", "7c1d");
        int code = ReseatCli.run(
                words, environment, new PrintWriter(out), new PrintWriter(err), Optional.of(question -> {
                    questions.add(question);
                    return answer;
                }));
        return new CliRun(code, out.toString(), err.toString());
    }

    private static String diagnosis(String id, String pattern, String verdict, String repair) {
        return """
                {"volume_id": "%s", "status": "detaching", "pattern": "%s", "pattern_name": "a name", "verdict": "%s",
                 "reading": "r", "safe": "s", "repair": "%s", "automatic": true, "silent": [], "may_be": [],
                 "matrix": [], "facts": {}, "observations": []}
                """.formatted(id, pattern, verdict, repair);
    }
}
