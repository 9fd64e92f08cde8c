package dev.reseat.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code COMPATIBILITY.md} names tests that there are, those of other modules after the module's name. */
final class CompatibilityTest {
    private static final Path TABLE = Path.of("COMPATIBILITY.md");
    private static final Path MODULES = Path.of("..");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Pattern TEST = Pattern.compile("`(?:([a-z-]+)/)?([A-Z]\\w+(?:Test|IT|Contract))(?:#(\\w+))?`");

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, Map<String, Path>> modules = new TreeMap<>();
        for (MatchResult named : TEST.matcher(Files.readString(TABLE)).results().toList()) {
            String module = named.group(1) == null ? "common-rpc" : named.group(1);
            if (!Files.isDirectory(MODULES.resolve(module))) {
                continue; // only this module is here
            }
            Map<String, Path> sources = modules.computeIfAbsent(module, CompatibilityTest::sources);
            assertThat(sources).as("tests of " + module).containsKey(named.group(2));
            if (named.group(3) != null) {
                assertThat(Files.readString(sources.get(named.group(2)))).as(named.group(2))
                        .contains("void " + named.group(3) + "(");
            }
        }
    }

    @Test
    void everyRowNamesATestAndWhatProvesIt() throws IOException {
        String before = Files.readString(TABLE).split("## Differences", 2)[0];
        assertThat(before.lines()
                .filter(line -> line.startsWith("|"))
                .filter(line -> !line.startsWith("| behaviour") && !line.startsWith("|---")))
                .hasSizeGreaterThan(40)
                .allSatisfy(line -> assertThat(line).containsPattern(TEST)
                        .containsPattern("\\| (-|(D|M|G|R|17|14\\.9)( (D|M|G|R|17|14\\.9))*) \\|$"));
    }

    private static Map<String, Path> sources(String module) {
        Map<String, Path> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(MODULES.resolve(module).resolve(TESTS))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }
}
