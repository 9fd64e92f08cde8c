package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepairCommandTest {
    private static final String ID = "11111111-2222-3333-4444-555555555555";
    private static final String LINE = "POST /reseat/v1/volumes/" + ID + "/repair";

    private final RecordedServer server = new RecordedServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatWasDoneAndWhatTheVolumeShowsNow() {
        server.knows(LINE, 200, """
                {"repair": {"before": %s, "steps": ["reset_status available (volume manager of h)"],
                  "journal": "j-1", "after": %s}}
                """.formatted(diagnosis("6", "pattern", "detaching"), diagnosis("N12", "normal", "available")));

        CliRun run = CliRun.at(server, "repair", ID, "--reason", "stuck");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(
                ID + ": pattern 6", "done:    reset_status available", "now:     pattern N12", "journal: j-1");
        assertThat(server.requests().getFirst().body()).contains("\"dry_run\":false", "\"reason\":\"stuck\"");
    }

    @Test
    void aDryRunSaysSoToTheServer() {
        server.knows(LINE, 200, """
                {"repair": {"before": %s, "steps": ["set status available (api-node)"]}}
                """.formatted(diagnosis("5", "pattern", "detaching")));

        CliRun run = CliRun.at(server, "repair", ID, "--dry-run");

        assertThat(run.out()).contains("would:   set status available").doesNotContain("now:");
        assertThat(server.requests().getFirst().body()).contains("\"dry_run\":true");
    }

    @Test
    void aRefusalIsExitCode8WithTheNextCommand() {
        server.knows(LINE, 409, """
                {"conflictingRequest": {"code": 409,
                 "message": "Volume v shows pattern 10.", "next": "reseat diagnose v --explain"}}
                """);

        CliRun run = CliRun.at(server, "repair", ID);

        assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("shows pattern 10", "next: reseat diagnose v --explain");
    }

    private static String diagnosis(String pattern, String verdict, String status) {
        return """
                {"volume_id": "%s", "status": "%s", "pattern": "%s", "pattern_name": "a name", "verdict": "%s",
                 "reading": "r", "safe": "s", "repair": "take_down", "automatic": true, "silent": [], "may_be": [],
                 "matrix": [], "facts": {}, "observations": []}
                """.formatted(ID, status, pattern, verdict);
    }
}
