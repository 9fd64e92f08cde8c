package dev.reseat.volume.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.Connector;
import dev.reseat.host.FileUsers;
import dev.reseat.process.Command;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.testing.SparseFile;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver on a file that blocks whoever opens it, which nothing but its other end can end: a pipe. */
final class HangingFileTest {
    private static final ConnectionRequest ACCESS = ConnectionRequest.of(new Connector(Map.of("host", "compute-1")));

    @TempDir private Path directory;

    private final SystemCommandRunner commands = new SystemCommandRunner(List.of());
    private final KeyedLocks locks = new KeyedLocks();

    private static Deadline in(Duration time) {
        return Deadline.after(time);
    }

    private void export(Backend backend, String id, Deadline deadline) {
        try (var lock = locks.hold(id, "create_export", deadline)) {
            backend.run("create_export", lock, driver -> {
                driver.createExport(new BackendVolume(id, id, List.of()), ACCESS, deadline);
                return id;
            });
        }
    }

    @Test
    void aFileThatDoesNotAnswerIsGivenUpAndNotWrittenToWhenItDoes() throws Exception {
        var config = new FileConfig(directory, "volume-%s", true);
        var backend = new Backend(
                "host-1@file", "file", new FileDriver(config, FileUsers.onThisHost(true, commands),
                        InstantSource.system()),
                new SimpleMeterRegistry());
        SparseFile.create(config.file("hangs"));
        SparseFile.create(config.file("beside"));
        Path pipe = ExportTable.fileOf(config.file("hangs"));
        commands.run(Command.of(Duration.ofSeconds(30), "mkfifo", pipe.toString()));
        backend.makeReady(in(Duration.ofSeconds(60)));

        assertThatThrownBy(() -> export(backend, "hangs", in(Duration.ofSeconds(1))))
                .isInstanceOf(DriverException.OutOfTime.class)
                .hasMessageContaining("outcome unknown");

        assertThatThrownBy(() -> locks.hold("hangs", "next", in(Duration.ofMillis(50))))
                .isInstanceOf(KeyedLocks.TimedOut.class)
                .hasMessageContaining("held by create_export");
        Deadline soon = in(Duration.ofSeconds(60));
        export(backend, "beside", soon);
        assertThat(ExportTable.fileOf(config.file("beside"))).isRegularFile();

        Files.writeString(pipe, "{\"version\": 1, \"exports\": []}");
        locks.hold("hangs", "next", soon).close(); // it has come back

        assertThat(Files.isRegularFile(pipe, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(backend.overdue()).isEmpty();
        try (var files = Files.list(directory)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().endsWith(".next"));
        }
    }
}
