package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Prometheus' own tool accepts the alert rules, and they fire when they should. */
final class PromtoolTest {
    private static final Path METRICS = Path.of("..", "metrics");
    private static final Path TOOL = Path.of("/usr/bin/promtool");

    @Test
    void rulesAndSampleAreAccepted() {
        promtool("check", "config", METRICS.resolve("prometheus.yml").toString());
        promtool("check", "rules", METRICS.resolve("reseat-alerts.yml").toString());
    }

    @Test
    void everyAlertFiresWhenItShouldAndNotBefore() {
        promtool("test", "rules", METRICS.resolve("reseat-alerts-test.yml").toString());
    }

    @Test
    void noAlertIsWithoutAnExample() throws IOException {
        List<String> alerts = names("reseat-alerts.yml", "alert: (\\w+)");

        assertThat(alerts).hasSizeGreaterThan(10);
        assertThat(names("reseat-alerts-test.yml", "alertname: (\\w+)")).containsAll(alerts);
    }

    private static List<String> names(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(METRICS.resolve(file)))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static void promtool(String... words) {
        if (!Files.isExecutable(TOOL)) {
            String sentence = TOOL + " is missing: install prometheus";
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
        String[] command = new String[words.length + 1];
        command[0] = TOOL.toString();
        System.arraycopy(words, 0, command, 1, words.length);
        Program.run(command).assertSucceeded();
    }
}
