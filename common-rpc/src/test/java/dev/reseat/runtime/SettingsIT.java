package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same files, read by us and by the real oslo.config. */
final class SettingsIT {
    private static final CommandRunner COMMANDS = new SystemCommandRunner(List.of());
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir private Path directory;

    @BeforeAll
    static void findOsloConfig() {
        try {
            COMMANDS.run(Command.of(LIMIT, PYTHON, "-c", "import oslo_config"));
        } catch (CommandFailed missing) {
            String sentence = "oslo.config is missing: install python3-oslo.config";
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence, missing);
            }
            abort(sentence);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "[a]\nx = 1\ny: 2\nz=  3  \ndir :/d",
            "[a]\nx = a=b:c\ny : a=b:c\nz = rabbit://u:p@h:5672/%2Fv?a=b",
            "# c\n;c\n[a]\n#x = 1\nx = 1 # no comment\ny = 2 ; neither",
            "[a]\nx = \"1\"\ny = '2'\nz = \"3'\ndir = \"\"",
            "[a]\nx = \"\ny = ''quoted''\nz = \" padded \"\ndir = say \"hi\"",
            "[a]\nx = \"one\n  two\"\ny = 2",
            "[a]\nx = one\n  two\n\tthree\n\ny = 2",
            "[a]\nx =\n  one\n  two\n",
            "[a]\nx = one\n  # part of it\ny = 2",
            "[a]\nx = 1\nx = 2\nx =\n[b-1]\nx = 3\n[a]\ny = 4\nx = 5",
            "[A]\nx = 1\n[B-1]\ny = 2\n[default]\nz = 3\n[DEFAULT]\nx = 4",
            "[a]\nx = 1\n[A]\nx = 2",
            "[a]\nX = 1\nx y = 2\n x = 3",
            "[DEFAULT]\ndir = /d\nx = $dir/1\ny = ${dir}1\nz = $$dir \\$dir $$$dir",
            "[DEFAULT]\ndir = /d\n[a]\nx = $dir\nz = $b-1.x",
            "[a]\ndir = /a\n[b-1]\nx = ${a.dir}/x\ny = $a.dir/y\nz = ${a.none} $none ${none} $ $1 ${",
            "[a]\nx = $y\ny = $z\nz = end$",
            "[a]\nx = $X $Y\nX = 1\ny = 2",
            "[a]\nx = $dir.bak\ndir = /d",
            "[a]\r\nx = 1\r\ny = 2\r\n",
            "[a]\nx = gr\u00fc\u00dfe \u2603",
            "[a] \nx = 1",
            "[ a ]\nx = 1\n[a]\ny = 1",
            "[a]\n\n\n   \nx = 1\n   \n\ny = 1",
            "",
            "x = 1",
            "[a]\nx",
            "[a\nx = 1",
            "[]\nx = 1",
            "[a]\n= 1",
            "[a]\n\n  x = 1",
            "[a]\n# c\n  x = 1",
            "[a]x\ny = 1",
    })
    void readsAFileAsOsloConfigDoes(String text) throws Exception {
        assertSameAsOslo(text);
    }

    @Test
    void readsSeveralFilesAsOsloConfigDoes() throws Exception {
        assertSameAsOslo(
                "[DEFAULT]\ndir = /one\n[a]\nx = 1\nx = 2\ny = $dir",
                "[a]\nx = 3\n[DEFAULT]\nx = 4",
                "[DEFAULT]\ndir = /three\n[a]\nx = 5\nz = ${x}");
    }

    private void assertSameAsOslo(String... texts) throws Exception {
        List<Path> files = new ArrayList<>();
        for (String text : texts) {
            files.add(Files.writeString(directory.resolve(files.size() + ".conf"), text));
        }
        JsonNode oslo = oslo(files);
        if (oslo.has("error")) {
            assertThat(problems(Settings.load(files, Map.of()))).as(oslo.toString()).isNotEmpty();
        }
        for (JsonNode value : oslo.path("values")) {
            assertSame(Settings.load(files, Map.of()), value);
        }
    }

    private static void assertSame(Settings settings, JsonNode expected) {
        String group = expected.get(0).stringValue();
        String key = expected.get(1).stringValue();
        String last = settings.text(group, key, "(none)");
        List<String> all = settings.multi(group, key);
        switch (expected.get(2).stringValue()) {
            case "last" -> assertThat(last).as(expected.toString()).isEqualTo(expected.get(3).stringValue());
            case "all" -> assertThat(all)
                    .as(expected.toString())
                    .isEqualTo(expected.get(3).valueStream().map(JsonNode::stringValue).toList());
            default -> assertThat(problems(settings)).as(expected.toString()).isNotEmpty();
        }
    }

    private static JsonNode oslo(List<Path> files) throws URISyntaxException {
        Path script = Path.of(Objects.requireNonNull(SettingsIT.class.getResource("oslo_config_reader.py"))
                .toURI());
        List<String> words = new ArrayList<>(List.of(PYTHON, script.toString()));
        files.forEach(file -> words.add(file.toString()));
        return JsonMapper.shared().readTree(COMMANDS.run(Command.of(LIMIT, words)).output());
    }

    private static List<String> problems(Settings settings) {
        try {
            settings.check();
            return List.of();
        } catch (SettingsException refused) {
            return refused.problems()
                    .stream()
                    .filter(problem -> !problem.contains("unknown setting"))
                    .toList();
        }
    }
}
