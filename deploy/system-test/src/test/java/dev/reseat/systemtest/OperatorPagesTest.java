package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.service.Force;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep;
import dev.reseat.runtime.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages for operators say of states, settings and messages is what the code has. */
final class OperatorPagesTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Path PAGES = ROOT.resolve("docs").resolve("operators");

    @Test
    void everyStateOfTheJournalIsExplained() throws IOException {
        assertThat(firstColumn("journal.md", "state")).containsExactlyInAnyOrder(names(JournalEntry.State.values()));
        assertThat(page("journal.md")).contains(
                Arrays.stream(names(JournalStep.Phase.values())).map(name -> "`" + name + "`").toList());
    }

    @Test
    void everyGradeOfForceIsExplained() throws IOException {
        assertThat(firstColumn("journal.md", "grade"))
                .containsExactlyInAnyOrder(Arrays.stream(Force.values()).map(Force::text).toArray(String[]::new));
    }

    @Test
    void everySettingOfOursIsInTheTable() throws IOException {
        var names = Objects.requireNonNull(Settings.class.getResourceAsStream("reseat-settings.txt"));
        try (var lines = new BufferedReader(new InputStreamReader(names, StandardCharsets.UTF_8))) {
            String[] settings = lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.replaceFirst("(\\S+) (\\S+)", "[$1] $2"))
                    .toArray(String[]::new);
            assertThat(firstColumn("settings.md", "setting")).containsExactlyInAnyOrder(settings);
        }
    }

    @Test
    void everyMessageIsSaidSomewhere() throws IOException {
        String code = code();
        for (String message : firstColumn("troubleshooting.md", "message")) {
            for (String part : message.split("…", -1)) {
                assertThat(code.contains(part.strip())).as(part).isTrue();
            }
        }
    }

    /** What stands between the first two backticks of each row of the table with that head. */
    private static List<String> firstColumn(String page, String head) throws IOException {
        List<String> lines = page(page).lines().toList();
        int begin = 0;
        while (!lines.get(begin).startsWith("| " + head + " |")) {
            begin++;
        }
        return lines.stream()
                .skip(begin + 2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("`", -1)[1])
                .toList();
    }

    private static String page(String name) throws IOException {
        return Files.readString(PAGES.resolve(name));
    }

    private static String[] names(Enum<?>[] values) {
        return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toArray(String[]::new);
    }

    /** All texts of the programs; those that go over several lines as one. */
    private static String code() throws IOException {
        try (Stream<Path> files = Stream.of("common-rpc", "api-node", "volume-manager", "compute-agent")
                .map(module -> ROOT.resolve(module).resolve("src").resolve("main").resolve("java"))
                .flatMap(OperatorPagesTest::sources)) {
            var all = new StringBuilder();
            for (Path file : files.toList()) {
                all.append(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""));
            }
            return all.toString();
        }
    }

    private static Stream<Path> sources(Path folder) {
        try {
            try (Stream<Path> files = Files.walk(folder)) {
                return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
