package dev.reseat.volume.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExportTableTest {
    private static final Deadline SOON = Deadline.after(Duration.ofMinutes(10));
    private static final Export FULL = new Export(
            Optional.of("a-1"),
            "host-a",
            Optional.of("iqn.2026-01.example:host-a"),
            Optional.of("i-1"),
            Instant.parse("2026-11-22T07:03:00.125Z"));
    private static final Export BARE = new Export(
            Optional.empty(), "host-b", Optional.empty(), Optional.empty(), Instant.parse("2026-11-22T07:04:00Z"));

    @TempDir private Path directory;

    private final ExportTable table = new ExportTable();

    private Path volume() {
        return directory.resolve("volume-1");
    }

    private Path file() {
        return directory.resolve("volume-1.exports.json");
    }

    @Test
    void whatWasWrittenIsRead() {
        table.write(volume(), List.of(FULL, BARE), SOON);

        assertThat(new ExportTable().read(volume())).containsExactly(FULL, BARE);
    }

    @Test
    void theFileIsPlainToRead() throws IOException {
        table.write(volume(), List.of(FULL), SOON);

        assertThat(Files.readString(file())).isEqualToIgnoringWhitespace("""
                {"version": 1, "exports": [{"attachment_id": "a-1", "host": "host-a",
                 "initiator": "iqn.2026-01.example:host-a", "instance_uuid": "i-1",
                 "exported_at": "2026-11-22T07:03:00.125Z"}]}""");
    }

    @Test
    void fieldsThatMayBeMissingMayBeMissing() throws IOException {
        Files.writeString(file(), """
                {"version": 1, "exports": [{"host": "host-b", "exported_at": "2026-11-22T07:04:00Z"}]}""");

        assertThat(table.read(volume())).containsExactly(BARE);
    }

    @Test
    void noFileAndNoExportsAreTheSame() throws IOException {
        assertThat(table.read(volume())).isEmpty();

        table.write(volume(), List.of(FULL), SOON);
        table.write(volume(), List.of(), SOON);
        table.write(volume(), List.of(), SOON);

        assertThat(Files.exists(file())).isFalse();
        assertThat(table.read(volume())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "{", "[]", "{}", "{\"version\": 2, \"exports\": []}",
            "{\"version\": 1}", "{\"version\": 1, \"exports\": [null]}", "{\"version\": 1, \"exports\": [{}]}",
            "{\"version\": 1, \"exports\": [{\"host\": \"\", \"exported_at\": \"2026-11-22T07:04:00Z\"}]}",
            "{\"version\": 1, \"exports\": [{\"host\": \"a\", \"exported_at\": \"yesterday\"}]}",
            "{\"version\": 1, \"exports\": [], \"more\": 1}", "{\"version\": 1, \"exports\": []} trailing"})
    void whatCannotBeUnderstoodIsNeverEmpty(String text) throws IOException {
        Files.writeString(file(), text);

        assertThatThrownBy(() -> table.read(volume()))
                .isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining(file().toString());
    }

    @Test
    void aHalfWrittenNextListIsIgnoredAndReplaced() throws IOException {
        table.write(volume(), List.of(FULL), SOON);
        Files.writeString(directory.resolve(".volume-1.exports.json.next"), "{\"version\": 1, \"exp");

        assertThat(table.read(volume())).containsExactly(FULL);
        table.write(volume(), List.of(BARE), SOON);
        assertThat(table.read(volume())).containsExactly(BARE);
    }

    @Test
    void aListThatCannotBeWrittenStaysAsItWas() throws IOException {
        table.write(volume(), List.of(FULL), SOON);
        Files.createDirectory(directory.resolve(".volume-1.exports.json.next"));

        assertThatThrownBy(() -> table.write(volume(), List.of(BARE), SOON))
                .isInstanceOf(DriverException.BackendFailed.class);
        assertThat(table.read(volume())).containsExactly(FULL);
    }

    @Test
    void aWriterKilledAtAnyInstantLeavesOneWholeList() throws Exception {
        for (int writes = 1; writes <= 9; writes += 4) {
            Process writer = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp", System.getProperty("java.class.path"), ExportWriter.class.getName(), volume().toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var said = writer.inputReader()) {
                for (int i = 0; i < writes; i++) {
                    assertThat(said.readLine()).isEqualTo("written");
                }
                writer.destroyForcibly().waitFor(); // somewhere in one of the next writes
            }

            assertThat(table.read(volume()).size()).isIn(1, ExportWriter.MANY);
        }
        table.write(volume(), List.of(FULL), SOON);
        assertThat(table.read(volume())).containsExactly(FULL);
    }

    @Test
    void nobodyElseReadsIt() throws IOException {
        table.write(volume(), List.of(FULL), SOON);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
    }
}
