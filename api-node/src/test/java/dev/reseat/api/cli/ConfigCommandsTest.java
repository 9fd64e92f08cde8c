package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator is told about settings files. */
final class ConfigCommandsTest {
    @TempDir private Path directory;

    private CliRun check(String text, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("reseat.conf"), text);
        String[] words = new String[3 + more.length];
        words[0] = "config";
        words[1] = "check";
        System.arraycopy(more, 0, words, 2, more.length);
        words[words.length - 1] = file.toString();
        return CliRun.of(Map.of(), words);
    }

    @Test
    void everyOptionIsUsedKnownOrUnknownWithItsSource() throws IOException {
        CliRun run = check("""
                [DEFAULT]
                host = api-1
                scheduler_max_attempts = 3
                [reseat]
                probe_timeot = 5
                [nonsense]
                x = 1
                """, "--json");

        assertThat(run.code()).isEqualTo(3);
        String file = directory.resolve("reseat.conf").toString();
        JsonNode options = JsonMapper.shared().readTree(run.out()).path("options");
        List<String> told = options.valueStream()
                .map(one -> one.path("option").stringValue() + " " + one.path("kind").stringValue() + " "
                        + one.path("programs").size() + " " + one.path("source").stringValue())
                .toList();
        assertThat(told).containsExactly(
                "[DEFAULT] host used 1 " + file + ":2",
                "[DEFAULT] scheduler_max_attempts ignored 0 " + file + ":3",
                "[reseat] probe_timeot unknown 0 " + file + ":5",
                "[nonsense] x unknown 0 " + file + ":7");
    }

    @Test
    void wrongValuesOfOneProgramAreNamedAndNothingElseIsWrong() throws IOException {
        CliRun wrong = check("[api]\nport = many\n", "--program", "reseat-api-node");
        assertThat(wrong.code()).isEqualTo(3);
        assertThat(wrong.err()).contains("[api] port", "many");

        CliRun right = check("[DEFAULT]\nhost = api-1\n[reseat]\nprobe_timeout = 5\n");
        assertThat(right.code()).as(right.out() + right.err()).isZero();
        assertThat(right.out()).contains("used by reseat-api-node");
    }
}
