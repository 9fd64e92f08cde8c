package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that the README and the pages for operators show does what they say. */
@Tag("broker")
@Tag("database")
final class ReadmeIT {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path PAGES = ROOT.resolve("docs").resolve("operators");
    /** What {@code reseat diagnose --exit-code} says where something is stuck, which is so here. */
    private static final int FINDINGS = 3;
    private static final String OLD_MONITOR = "192.0.2.99";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private static Stream<String> commands(String program, Path... pages) {
        return Stream.of(pages)
                .flatMap(ReadmeIT::lines)
                .filter(line -> line.startsWith("    " + program))
                .map(line -> line.replaceFirst(" +#.*", "").strip())
                .distinct();
    }

    private static Stream<String> lines(Path page) {
        try {
            return Files.readAllLines(page).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> ofReseat() {
        return commands("reseat ", ROOT.resolve("README.md"), PAGES.resolve("journal.md"));
    }

    @ParameterizedTest
    @MethodSource("ofReseat")
    void whatTheCommandLineIsShownToDoItDoes(String command) throws IOException {
        Cloud cloud = Cloud.shared();
        Scene scene = new Scene(cloud);
        Attached subject = command.contains("refresh") || command.contains("bdm")
                ? scene.attached("readme")
                : scene.stuck("readme", command.contains("job") ? "error" : "detaching");
        if (command.contains("bdm")) {
            scene.heldByAgent(subject);
        }
        if (command.contains("journal")) {
            reseat(cloud, "reseat volume reset-state --state available " + subject.volume()).assertSucceeded();
        }

        if (command.contains("job create")) {
            giveAJobSomethingToSelect(cloud, subject);
        }

        Program run = reseat(cloud,
                command.replace("INSTANCE", subject.instance())
                        .replace("VOLUME", subject.volume())
                        .replace("OLD_MONITOR", OLD_MONITOR));

        if (command.contains("--exit-code")) {
            assertThat(run.code()).as(run.out() + run.err()).isEqualTo(FINDINGS);
        } else {
            run.assertSucceeded();
        }
        assertThat(run.out()).contains(shown(command, subject));
        if (command.contains("volume reset-state") && !command.contains("--dry-run")) {
            assertThat(cloud.volume(subject.volume())).containsEntry("status", "available");
        }
    }

    /** A cloud without sweeps has no findings. */
    private static String shown(String command, Attached subject) {
        if (command.contains("findings")) {
            return "| Pattern | Name ";
        }
        if (command.equals("reseat status")) {
            return "reseat-compute-agent";
        }
        return command.contains("job create") ? "selected: " : subject.volume();
    }

    private static void giveAJobSomethingToSelect(Cloud cloud, Attached subject) {
        cloud.rows()
                .execute(
                        cloud.cinder(),
                        "UPDATE volumes SET updated_at = <utc> - INTERVAL '3' HOUR WHERE id = ?",
                        subject.volume());
        cloud.rows()
                .execute(
                        cloud.nova(),
                        "UPDATE block_device_mapping SET connection_info = ? WHERE uuid = ?",
                        "{\"driver_volume_type\": \"rbd\", \"data\": {\"name\": \"volumes/v\", \"hosts\": [\""
                                + OLD_MONITOR
                                + "\"], \"ports\": [\"6789\"]}}",
                        subject.mapping());
    }

    private static Program reseat(Cloud cloud, String command) {
        List<String> words = WORD.matcher(command).results().map(ReadmeIT::word).toList();
        return Program.run(
                Map.of("RESEAT_ENDPOINT", cloud.settings().endpoint(), "OS_AUTH_TYPE", "noauth", "OS_USER_ID",
                        CloudFixture.USER, "OS_PROJECT_ID", CloudFixture.PROJECT),
                Stream.concat(
                        Stream.of(Distribution.program("reseat").toString()), words.stream().skip(1)).toList());
    }

    private static String word(MatchResult found) {
        return found.group(1) == null ? found.group(2) : found.group(1);
    }

    @Test
    void theExitCodesAreThoseOfTheHelp() {
        String help = Program.run(Distribution.program("reseat").toString(), "--help").out().replaceAll("\\s+", " ");
        List<String> rows = lines(ROOT.resolve("README.md")).filter(line -> line.matches("\\| \\d+ \\| .*")).toList();

        assertThat(rows).hasSize(8).allSatisfy(row -> {
            String[] cells = row.split(" *\\| *", -1);
            assertThat(help).contains(cells[1] + " " + cells[2].replaceFirst(";? see the journal$", ""));
        });
    }

    @Test
    void theOptionsOfAJobAreThoseOfTheHelp() {
        String help = Program.run(Distribution.program("reseat").toString(), "job", "create", "--help").out();
        List<String> options = lines(PAGES.resolve("jobs.md"))
                .filter(line -> line.startsWith("| `--"))
                .map(line -> line.split("[` ]+", -1)[1])
                .toList();

        assertThat(options).contains("--limit", "--canary").allSatisfy(option -> assertThat(help).contains(option));
    }

    @Test
    void theScriptsOfTheReadmeAreThereAndKnowTheirOptions() {
        assertThat(commands("deploy/", ROOT.resolve("README.md"))).containsExactly("deploy/demo", "deploy/verify")
                .allMatch(script -> Files.isExecutable(ROOT.resolve(script)));
        assertThat(Program.run(Distribution.program("reseat-standalone").toString(), "--help").out())
                .contains("deploy/demo", "--serve");
    }
}
