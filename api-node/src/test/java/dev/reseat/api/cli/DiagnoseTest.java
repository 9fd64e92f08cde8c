package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnoseTest {
    private static final String ID = "11111111-2222-3333-4444-555555555555";
    private static final String LINE = "POST /reseat/v1/diagnoses";

    private final RecordedServer server = new RecordedServer();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"normal, 0", "pattern, 3", "unlisted, 3", "unknown, 4"})
    void theExitCodeSaysWhatWasFoundIfItIsAskedTo(String verdict, int code) {
        server.knows(LINE, 200, answer(verdict));

        assertThat(CliRun.at(server, "diagnose", ID, "--exit-code").code()).isEqualTo(code);
        assertThat(CliRun.at(server, "diagnose", ID).code()).isZero();
    }

    @Test
    void everythingThatIsToBeKnownIsPrinted() {
        server.knows(LINE, 200, answer("pattern"));

        CliRun run = CliRun.at(server, "diagnose", ID, "--explain");

        assertThat(run.out())
                .contains("pattern: 6 detach died in Cinder", "reading: the reading", "safe:    take it down",
                        "never:   set it available", "command: reseat repair " + ID, "| guest  | unknown | 1.5 s |",
                        "inspect_volume", "status=detaching");
        assertThat(server.requests().getFirst().body()).contains("\"volumes\":[\"" + ID + "\"]");
    }

    @Test
    void allPagesAreAskedFor() {
        server.knows(LINE, 200, answer("normal").replace("\"missing\": []", "\"missing\": [\"gone\"]"));

        CliRun run = CliRun.at(server, "diagnose", "--all", "--json", "--exit-code");

        assertThat(run.out()).contains("\"missing\" : [ \"gone\" ]");
        assertThat(run.code()).isEqualTo(4);
    }

    @Test
    void nothingSelectedAsksNobody() {
        CliRun run = CliRun.at(server, "diagnose");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("say which volumes");
        CliRun misspelt = CliRun.at(server, "diagnose", "--instance", "web-1");
        assertThat(misspelt.code()).isEqualTo(ExitCode.USAGE);
        assertThat(misspelt.err()).contains("'web-1' is no id of a server");
        assertThat(server.requests()).isEmpty();

        server.knows(LINE, 200, "{\"diagnoses\": [], \"missing\": []}");
        assertThat(CliRun.at(server, "diagnose", "--host", "h").err()).contains("no volume was selected");
    }

    private static String answer(String verdict) {
        return """
                {"diagnoses": [{"volume_id": "%s", "name": "v", "status": "detaching", "attach_status": "attached",
                  "pattern": "6", "pattern_name": "detach died in Cinder", "verdict": "%s", "reading": "the reading",
                  "safe": "take it down", "repair": "take_down", "automatic": true, "never": "set it available",
                  "command": "reseat repair %s", "silent": [], "may_be": [],
                  "matrix": [{"source": "guest", "answer": "unknown", "age_ms": 1500}],
                  "facts": {"status": "detaching"},
                  "observations": [{"source": "guest", "question": "in_use", "answer": "unknown", "host": "host-a",
                    "attachment_id": null, "asked": "inspect_volume", "seen_at": "2026-11-29T00:00:00Z",
                    "age_ms": 1500, "fresh_for_ms": 30000, "excerpt": "said"}]}],
                 "missing": []}
                """.formatted(ID, verdict, ID);
    }
}
