package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.SecretTexts;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a server answers, and be it not ours: no secret is printed, for people or for programs. */
final class NoSecretsTest {
    private static final String VOLUME = "dddddddd-1111-4111-8111-111111111111";
    private static final String RESET = "POST /reseat/v1/volumes/" + VOLUME + "/reset";

    private final RecordedServer server = new RecordedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("dev.reseat.testing.SecretTexts#all")
    void inWordsOfAnError(String text) {
        server.knows(RESET, 500, JsonMapper.shared()
                .writeValueAsString(Map.of("computeFault", Map.of("code", 500, "message", text, "error", "peer_failed",
                        "next", text))));

        assertNothingIsShown("volume", "reset-state", "--state", "error", VOLUME);
        assertNothingIsShown("volume", "reset-state", "--json", "--state", "error", VOLUME);
    }

    @Test
    void inAnErrorOfAnotherServer() {
        for (String text : SecretTexts.all()) {
            server.knows(RESET, 502, text);
            assertNothingIsShown("volume", "reset-state", "--state", "error", VOLUME);
        }
    }

    private void assertNothingIsShown(String... words) {
        CliRun run = CliRun.at(server, words);

        assertThat(run.out() + run.err()).isNotBlank().doesNotContain(SecretTexts.SECRET);
    }
}
