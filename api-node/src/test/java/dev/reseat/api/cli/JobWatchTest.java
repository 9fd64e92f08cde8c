package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a script learns of a job, and a person of what the job owes. */
final class JobWatchTest {
    private static final String JOB = "0b5d0000-0000-4000-8000-000000000001";

    private final RecordedServer server = new RecordedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private void job(String state, int failed, int unknown, int leftStopped) {
        server.knows("GET /reseat/v1/jobs/" + JOB, 200, """
                {"job": {"id": "%s", "action": "refresh", "state": "%s", "selected": 9, "ended": 9, "select": {},
                 "items": {"done": 3, "failed": %d, "unknown": %d}, "instances": {"started": 1, "left_stopped": %d},
                 "owed": [{"instance_id": "i-1", "host": "host-a", "state": "left_stopped",
                   "detail": "Nova does not start it", "next": "openstack server start i-1"},
                  {"instance_id": "i-2", "host": "host-b", "state": "starting", "detail": "its items are over",
                   "next": null}]}}
                """.formatted(JOB, state, failed, unknown, leftStopped));
    }

    @ParameterizedTest
    @CsvSource({
            "done, 0, 0, 0, 0", "done, 1, 0, 0, 1", "done, 0, 0, 1, 1", "cancelled, 0, 0, 1, 1", "paused, 0, 0, 1, 1",
            "cancelled, 0, 0, 0, 8", "stopped, 1, 0, 0, 8", "done, 0, 1, 1, 9", "running, 0, 0, 1, 10"})
    void theExitCodeSaysHowItStands(String state, int failed, int unknown, int leftStopped, int code) {
        job(state, failed, unknown, leftStopped);

        assertThat(CliRun.at(server, "job", "watch", JOB, "--for", "0").code()).isEqualTo(code);
    }

    @Test
    void whatIsOwedIsSaidWithTheNextCommand() {
        job("done", 0, 0, 1);

        assertThat(CliRun.at(server, "job", "show", JOB).out())
                .contains(
                        "owed:     instance i-1 on host-a, left stopped: Nova does not start it; next: openstack server"
                                + " start i-1\n")
                .contains("owed:     instance i-2 on host-b, starting: its items are over\n");
    }
}
