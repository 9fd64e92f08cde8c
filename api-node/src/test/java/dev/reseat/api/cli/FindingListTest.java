package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code reseat findings list --exit-code} tells cron. */
class FindingListTest {
    private static final String LIST = "GET /reseat/v1/findings?state=new%2Cconfirmed&verdict=pattern%2Cunlisted";
    private static final String RUNNING = "{\"id\": 8, \"state\": \"running\"}";

    private final RecordedServer server = new RecordedServer();

    @AfterEach
    void close() {
        server.close();
    }

    private CliRun run(String findings, String last) {
        server.knows(LIST, 200, "{\"findings\": [%s], \"sweeps\": [%s, %s]}".formatted(findings, RUNNING, last));
        return CliRun.at(server, "findings", "list", "--exit-code");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "0 | {\"state\": \"done\", \"unknown_volumes\": 0, \"silent_hosts\": {}}",
            "4 | {\"state\": \"done\", \"unknown_volumes\": 1}",
            "4 | {\"state\": \"done\", \"unknown_volumes\": 0, \"silent_hosts\": {\"cmp-7\": \"no answer\"}}",
            "4 | {\"state\": \"done\", \"unknown_volumes\": 0, \"silent_backends\": {\"s@c\": \"no answer\"}}",
            "4 | {\"state\": \"done\", \"unknown_volumes\": 0, \"silent_cells\": {\"cell2\": \"down\"}}",
            "4 | {\"state\": \"failed\", \"unknown_volumes\": 0}"
    })
    void withNothingFoundItIsZeroOnlyIfEverybodyHasSpoken(int code, String last) {
        assertThat(run("", last).code()).isEqualTo(code);
    }

    @Test
    void whatIsFoundCountsWhoeverIsSilent() {
        CliRun run = run("{\"id\": \"f\", \"verdict\": \"pattern\"}",
                "{\"state\": \"done\", \"silent_hosts\": {\"cmp-7\": \"no answer\"}}");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("silent hosts: cmp-7");
    }
}
