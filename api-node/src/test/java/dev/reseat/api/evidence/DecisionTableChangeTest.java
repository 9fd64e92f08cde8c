package dev.reseat.api.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.evidence.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whoever adds a pattern, or decides otherwise of one, edits the table and its fixture, and nothing else. */
final class DecisionTableChangeTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ROW = """
            {"id": "31", "name": "leaked export in a transfer",
             "when": [{"status": ["awaiting-transfer"], "attachments": ["none"], "mapping": ["none"],
               "server": ["none"], "guest": ["no", "none"], "host": ["no"], "backend": ["mapping"]}],
             "reading": "The volume is being given away, and the backend still lets a host of its owner in.",
             "safe": "remove the export before it is taken", "repair": "take_down", "automatic": false, "never": "",
             "command": "reseat diagnose {volume} --explain",
             "requires": ["cinder", "nova", "guest", "host", "backend"]}
            """;
    private static final String CASES = """
            {"row": "31", "cases": [
              {"status": "awaiting-transfer", "backend": "mapping"},
              {"status": "awaiting-transfer", "backend": "mapping", "guest": "none"}]}
            """;

    @TempDir private Path folder;
    private ObjectNode data;

    @BeforeEach
    void copy() throws IOException {
        try (InputStream text = Objects.requireNonNull(
                DecisionTableReader.class.getResourceAsStream("/decisions/patterns.json"))) {
            data = (ObjectNode) JSON.readTree(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (String file : Set.copyOf(PatternFixture.all().stream().map(PatternFixture::file).toList())) {
            Files.copy(PatternFixture.folder().resolve(file), folder.resolve(file));
        }
    }

    @Test
    void aRowThatIsAddedDecidesAndLeavesTheOthersAsTheyAre() throws IOException {
        VolumeFacts given = PatternFixture.facts(JSON.readTree(CASES).at("/cases/0"));
        assertThat(DecisionTableReader.shipped().judge(given).kind()).isEqualTo(Verdict.Kind.UNLISTED);
        rows().add(JSON.readTree(ROW));
        Files.writeString(folder.resolve("31-leaked-export-in-a-transfer.json"), CASES);

        DecisionTable changed = DecisionTableReader.read(JSON.writeValueAsString(data));

        List<PatternFixture> fixtures = PatternFixture.all(folder);
        assertThat(fixtures).hasSizeGreaterThan(PatternFixture.all().size());
        for (PatternFixture fixture : fixtures) {
            assertThat(changed.rows().stream().filter(row -> row.matches(fixture.facts()) == Answer.YES))
                    .as("%s", fixture)
                    .extracting(DecisionRow::id)
                    .containsExactly(fixture.row());
        }
        assertThat(changed.judge(given).repair()).isEqualTo(Repair.TAKE_DOWN);
        changed.row("31")
                .requires()
                .forEach(source -> assertThat(changed.judge(given.without(source)).repair())
                        .as("without %s", source)
                        .isEqualTo(Repair.REPORT));
        assertThat(PatternsPage.of(changed)).contains("### 31 leaked export in a transfer");
    }

    @Test
    void aRowThatDecidesOtherwiseDoesSo() {
        VolumeFacts leaked = PatternFixture.all(folder)
                .stream()
                .filter(fixture -> fixture.row().equals("12"))
                .findFirst()
                .orElseThrow()
                .facts();
        assertThat(DecisionTableReader.shipped().judge(leaked).automatic()).isTrue();
        ((ObjectNode) row("12")).put("automatic", false).put("repair", "report");

        Verdict verdict = DecisionTableReader.read(JSON.writeValueAsString(data)).judge(leaked);

        assertThat(verdict.row().id()).isEqualTo("12");
        assertThat(verdict.automatic()).isFalse();
        assertThat(verdict.repair()).isEqualTo(Repair.REPORT);
    }

    @Test
    void aRowThatSaysTheSameAsAnotherIsRefused() {
        ObjectNode again = row("12").deepCopy().asObject().put("id", "32");
        rows().add(again);

        assertThatThrownBy(() -> DecisionTableReader.read(JSON.writeValueAsString(data)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a volume could fit row 32 too");
    }

    private ArrayNode rows() {
        return (ArrayNode) data.path("rows");
    }

    private JsonNode row(String id) {
        return rows().valueStream().filter(row -> row.path("id").asString().equals(id)).findFirst().orElseThrow();
    }
}
