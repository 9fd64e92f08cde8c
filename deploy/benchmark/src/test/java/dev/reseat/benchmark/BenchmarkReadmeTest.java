package dev.reseat.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkReadmeTest {
    private static final String COMMAND = "    deploy/bench";

    @Test
    void everyCommandOfTheReadmeIsUnderstood() throws IOException {
        List<String> commands = Files.readAllLines(Path.of("README.md"))
                .stream()
                .filter(line -> line.startsWith(COMMAND))
                .map(line -> line.substring(COMMAND.length()).replaceFirst("#.*", "").strip())
                .toList();

        assertThat(commands).isNotEmpty();
        for (String command : commands) {
            String[] words = command.isEmpty() ? new String[0] : command.split(" +");
            assertThat(Main.commandLine().parseArgs(words).errors()).as(command).isEmpty();
        }
    }
}
