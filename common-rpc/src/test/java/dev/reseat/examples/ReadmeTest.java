package dev.reseat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows is what is compiled here, and run by {@link ExamplesIT}. */
final class ReadmeTest {
    private static final Path SOURCES = Path.of("src/test/java/dev/reseat/examples");

    @ParameterizedTest
    @ValueSource(strings = {"GreetingServer", "GreetingClient"})
    void theReadmeShowsTheExampleAsItIsCompiled(String example) throws IOException {
        List<String> shown = shown(Files.readAllLines(SOURCES.resolve(example + ".java")));

        assertThat(shown).hasSizeBetween(8, 12);
        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + String.join("\n", shown) + "\n```\n");
    }

    /** The lines between the marks, moved to the left. */
    private static List<String> shown(List<String> source) {
        int begin = mark(source, "// README {");
        int end = mark(source, "// README }");
        return source.subList(begin + 1, end)
                .stream()
                .map(line -> line.startsWith("    ") ? line.substring(4) : line)
                .toList();
    }

    private static int mark(List<String> source, String mark) {
        return source.stream().map(String::strip).toList().indexOf(mark);
    }
}
