package dev.reseat.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
    private static final String COMMAND = "    deploy/bench";

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "../../README.md"})
    void everyCommandOfTheReadmeIsUnderstood(Path readme) throws IOException {
        List<String> commands = Files.readAllLines(readme)
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
