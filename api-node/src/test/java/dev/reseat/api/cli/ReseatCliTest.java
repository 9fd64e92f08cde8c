package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class ReseatCliTest {
    private final RecordedServer server = new RecordedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theJournalIsTold() {
        server.knows("GET /reseat/v1/journal?subject=v1&limit=20", 200,
                """
                {"journal": [{"id": "0b5d", "kind": "reset", "subject": "v1", "request_id": "req-1", "user_id": "ada",
                  "reason": "stuck", "state": "done", "outcome": "driver proved", "opened_at": "2026-11-22T06:46:12Z",
                  "closed_at": "2026-11-22T06:46:13Z",
                  "steps": [{"name": "driver", "phase": "begun", "detail": {"host": "h"}, "at": \
                "2026-11-22T06:46:12Z"}]}]}
                """);

        CliRun run = CliRun.at(server, "journal", "show", "v1");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(
                """
                0b5d reset done
                  by:      ada, req-1
                  reason:  stuck
                  opened:  2026-11-22T06:46:12Z
                  step:    2026-11-22T06:46:12Z driver begun {"host":"h"}
                  closed:  2026-11-22T06:46:13Z
                  outcome: driver proved
                """);
    }

    @Test
    void anEmptyJournalIsNoFailure() {
        server.knows("GET /reseat/v1/journal?subject=v1&limit=20", 200, "{\"journal\": []}");

        CliRun run = CliRun.at(server, "journal", "show", "v1");

        assertThat(run).isEqualTo(new CliRun(0, "", "nothing is recorded about v1\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "volume", "volume list", "volume show", "volume reset-state", "bdm", "bdm show",
            "bdm refresh", "journal", "journal show"})
    void everyCommandExplainsItself(String command) {
        String[] words = (command + " --help").strip().split(" ");

        CliRun run = CliRun.of(Map.of(), words);

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage:", "--endpoint", "OS_TOKEN");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void exitCodesAreWrittenDown() {
        assertThat(CliRun.of(Map.of(), "--help").out()).contains(" 9   the outcome is unknown");
        assertThat(CliRun.of(Map.of(), "bdm", "refresh", "--help").out())
                .contains(" 7   the connector is of another host");
    }

    @Test
    void aWordThatIsNotUnderstoodIsAUsageErrorAlsoInJson() {
        CliRun words = CliRun.of(Map.of(), "volume", "reset-sate");
        CliRun json = CliRun.of(Map.of(), "volume", "show", "--json");

        assertThat(words.code()).isEqualTo(2);
        assertThat(words.err()).contains("reset-sate");
        assertThat(json.code()).isEqualTo(2);
        assertThat(json.err()).isEmpty();
        assertThat(JsonMapper.shared().readTree(json.out()).at("/error/message").asString()).contains("VOLUME");
    }

    @Test
    void aShellLearnsTheWords() {
        CliRun run = CliRun.of(Map.of(), "generate-completion");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("complete -F _complete_reseat", "reset-state", "ignore-driver-error");
        assertThat(CliRun.of(Map.of(), "--help").out().lines().filter(line -> line.startsWith("  generate-")))
                .isEmpty();
    }

    @Test
    void anAnswerThatIsNoErrorOfOpenStackIsShownAsItIs() {
        server.knows("GET /reseat/v1/journal?subject=v1&limit=20", 502, "<html>bad gateway</html>");

        CliRun run = CliRun.at(server, "journal", "show", "v1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("reseat: HTTP 502: <html>bad gateway</html>\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://ada:SECRET@127.0.0.1:1", "ada:SECRET@127.0.0.1", "http://ada:SE CRET@h",
            "ftp://ada:SECRET@h", "http://ada:SECRET@127.0.0.1:1/v3 x"})
    void noPasswordOfAnEndpointIsPrinted(String endpoint) {
        CliRun run = CliRun.of(
                Map.of("RESEAT_ENDPOINT", endpoint, "OS_TOKEN", "gAAAAABsecretsecretsecretsecret"),
                "journal", "show", "vol-1");

        assertThat(run.code()).isNotZero();
        assertThat(run.out() + run.err()).isNotBlank().doesNotContain("SECRET", "CRET", "gAAAA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tok\nen-1", "tok en-1", "tök-en-1", ""})
    void aTokenThatNoHeaderTakesIsRefusedUnseen(String token) {
        CliRun run = CliRun.of(
                Map.of("RESEAT_ENDPOINT", "http://127.0.0.1:1", "OS_TOKEN", token), "journal", "show", "vol-1");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out() + run.err()).contains("the token").doesNotContain("en-1", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tok\nen-1", "tök-en-1"})
    void norDoesKeystoneGetIt(String token) {
        CliRun run = CliRun.of(
                Map.of("OS_AUTH_URL", "http://127.0.0.1:1", "OS_TOKEN", token), "journal", "show", "vol-1");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out() + run.err()).contains("the token").doesNotContain("en-1", "Exception");
    }

    @Test
    @Timeout(30)
    void aKeystoneThatSaysNothingIsWaitedForAsLongAsAnybodyElse() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CliRun run = CliRun.of(
                    Map.of("OS_AUTH_URL", "http://127.0.0.1:" + mute.getLocalPort(), "OS_TOKEN", "t"),
                    "journal", "show", "vol-1", "--timeout", "1");

            assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(run.err()).contains("cannot reach Keystone");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:5000", "keystone:5000", "keystone"})
    void whatIsNoAddressOfKeystoneIsRefused(String keystone) {
        CliRun run = CliRun.of(Map.of("OS_AUTH_URL", keystone, "OS_TOKEN", "t"), "journal", "show", "vol-1");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("OS_AUTH_URL is no").doesNotContain("Exception");
    }
}
