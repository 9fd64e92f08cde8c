package dev.reseat.volume.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.FileLocks;
import dev.reseat.host.FileUsers;
import dev.reseat.host.LoopDevices;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.LockHolder;
import dev.reseat.testing.SparseFile;
import dev.reseat.volume.driver.Client;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectionViewTest {
    private static final Deadline SOON = Deadline.after(Duration.ofMinutes(10));
    @TempDir private Path directory;

    private final ExportTable table = new ExportTable();
    private final ConnectionView view =
            new ConnectionView(table, FileUsers.onThisHost(true, new SystemCommandRunner(List.of())));
    private final ConnectionView blind = new ConnectionView(
            table,
            new FileUsers(
                    FileLocks.onThisHost(true, new SystemCommandRunner(List.of())),
                    new LoopDevices(Path.of("/nowhere"))));
    private Path file;

    @BeforeEach
    void makeVolume() throws IOException {
        file = SparseFile.create(directory.resolve("volume-1"));
    }

    private void export(String... hosts) {
        table.write(
                file,
                List.of(hosts)
                        .stream()
                        .map(host -> new Export(
                                Optional.of("a-" + host), host, Optional.empty(), Optional.empty(), Instant.EPOCH))
                        .toList(),
                SOON);
    }

    @Test
    void theHolderOfTheOnlyExportIsItsHost() throws Exception {
        export("host-a");
        try (LockHolder _ = LockHolder.of(file)) {
            assertThat(view.look(file)).singleElement().satisfies(connection -> {
                assertThat(connection.host()).contains("host-a");
                assertThat(connection.inUse()).isEqualTo(Answer.YES);
            });
        }
    }

    @Test
    void amongSeveralExportsTheHolderIsNobodyInParticular() throws Exception {
        export("host-a", "host-b");
        try (LockHolder _ = LockHolder.of(file)) {
            assertThat(view.look(file))
                    .extracting(Client::host, Client::exported, Client::inUse)
                    .containsExactly(
                            tuple(Optional.of("host-a"), Answer.YES, Answer.UNKNOWN),
                            tuple(Optional.of("host-b"), Answer.YES, Answer.UNKNOWN),
                            tuple(Optional.empty(), Answer.UNKNOWN, Answer.YES));
        }
    }

    @Test
    void aHolderWithoutExportIsListed() throws Exception {
        try (LockHolder _ = LockHolder.of(file)) {
            assertThat(view.look(file))
                    .extracting(Client::exported, Client::inUse)
                    .containsExactly(tuple(Answer.NO, Answer.YES));
        }
    }

    @Test
    void anEmptyListMeansThatNobodyIsThere() {
        assertThat(view.look(file)).isEmpty();
        assertThat(blind.look(file))
                .extracting(Client::inUse)
                .containsExactly(Answer.UNKNOWN);
    }

    @Test
    void whatCannotBeSeenIsUnknownForEveryExport() {
        export("host-a", "host-b");

        assertThat(blind.look(file))
                .extracting(Client::inUse)
                .containsExactly(Answer.UNKNOWN, Answer.UNKNOWN);
    }
}
