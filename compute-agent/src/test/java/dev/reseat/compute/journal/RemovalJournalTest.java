package dev.reseat.compute.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemovalJournalTest {
    private static final Removal REMOVAL = removal("v1", Instant.parse("2026-11-22T06:25:26.123456Z"));

    @TempDir private Path state;
    private RemovalJournal journal;

    @BeforeEach
    void start() {
        journal = new RemovalJournal(state);
        journal.start();
    }

    @AfterEach
    void stop() {
        journal.stop();
    }

    private static Removal removal(String volume, Instant begun) {
        return new Removal(volume, "i1", Optional.of("a1"), true, Optional.of("local"), Optional.of("/volumes/v1"),
                Optional.of("req-1"), begun, Removal.Step.GUEST);
    }

    @Test
    void givesBackWhatWasWritten() {
        journal.write(REMOVAL);
        assertThat(journal.find("v1", "i1")).contains(REMOVAL);
        assertThat(new RemovalJournal(state).unfinished()).containsExactly(REMOVAL);
    }

    @Test
    void givesBackWhatHasNeitherAttachmentNorConnection() {
        var bare =
                new Removal("v1", "i1", Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty(),
                        Instant.EPOCH, Removal.Step.HOST);
        journal.write(bare);
        assertThat(journal.unfinished()).containsExactly(bare);
    }

    @Test
    void keepsOneEntryOfAPair() {
        journal.write(REMOVAL);
        journal.write(REMOVAL.at(Removal.Step.HOST));
        assertThat(journal.unfinished()).containsExactly(REMOVAL.at(Removal.Step.HOST));
    }

    @Test
    void forgetsWhatIsClosedAndOnlyThat() {
        Removal other = removal("v2", Instant.EPOCH);
        journal.write(REMOVAL);
        journal.write(other);
        journal.close("v1", "i1");
        journal.close("v1", "i1");
        assertThat(journal.unfinished()).containsExactly(other);
    }

    @Test
    void listsTheOldestFirst() {
        Removal older = removal("v2", Instant.EPOCH);
        journal.write(REMOVAL);
        journal.write(older);
        assertThat(journal.unfinished()).containsExactly(older, REMOVAL);
    }

    @Test
    void anEntryThatCannotBeReadHidesNoOther() throws IOException {
        journal.write(REMOVAL);
        Path broken = state.resolve("removals/broken.json");
        Files.writeString(broken, "{\"volume_id\": ");
        Files.writeString(state.resolve("removals/v3.i1.json.new"), "half written when the power went");
        assertThat(journal.unfinished()).containsExactly(REMOVAL);
        assertThat(broken).exists();
    }

    @Test
    void belongsToOneAgent() {
        var second = new RemovalJournal(state);
        assertThatThrownBy(second::start).isInstanceOf(JournalException.class);
        second.stop();
        journal.stop();
        second.start();
        second.stop();
    }

    @Test
    void saysWhichDirectoryCannotBeUsed() throws IOException {
        Path file = Files.writeString(state.resolve("file"), "");
        var impossible = new RemovalJournal(file);
        assertThatThrownBy(impossible::start).isInstanceOf(JournalException.class)
                .hasMessageContaining(file.toString());
        impossible.stop();
    }

    @Test
    void nobodyElseReadsIt() throws IOException {
        journal.write(REMOVAL);

        try (Stream<Path> all = Files.walk(state.resolve("removals"))) {
            assertThat(all).hasSize(3)
                    .allSatisfy(path -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }
}
