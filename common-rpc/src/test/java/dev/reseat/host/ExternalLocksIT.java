package dev.reseat.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Deadline;
import dev.reseat.testing.PythonPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the locks of a real oslo.concurrency. */
final class ExternalLocksIT {
    private static final String NAME = "os-brick-connect_volume";

    @TempDir private Path directory;

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private PythonPeer peer() {
        return PythonPeer.start("external_lock.py", directory.toString(), "connect_volume", "os-brick-");
    }

    @Test
    void pythonKeepsUsOutAndWeKeepPythonOut() throws Exception {
        var locks = new ExternalLocks(directory);
        try (PythonPeer peer = peer()) {
            peer.send("take");
            assertThat(peer.line()).isEqualTo("held");
            assertThatThrownBy(() -> locks.hold(NAME, Deadline.after(Duration.ofMillis(200))))
                    .isInstanceOf(ExternalLocks.NotHeld.class)
                    .hasMessageContaining("another process has the lock " + directory.resolve(NAME));

            peer.send("give");
            assertThat(peer.line()).isEqualTo("free");
            try (var _ = locks.hold(NAME, soon())) {
                peer.send("take");
                assertThat(peer.line()).isEqualTo("busy");
            }
            peer.send("take");
            assertThat(peer.line()).isEqualTo("held");
        }
    }

    @Test
    void whoWaitsHasItWhenPythonGivesItBackOrDies() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            PythonPeer peer = peer();
            peer.send("take");
            assertThat(peer.line()).isEqualTo("held");
            Future<ExternalLocks.Held> waiting =
                    threads.submit(() -> new ExternalLocks(directory).hold(NAME, soon()));

            peer.close(); // ends with the lock in its hand

            waiting.get(60, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void aFolderByAnotherNameHasTheSameLocks(@TempDir Path elsewhere) throws IOException {
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), directory);

        try (var _ = new ExternalLocks(directory).hold(NAME, soon())) {
            assertThatThrownBy(() -> new ExternalLocks(link).hold(NAME, Deadline.after(Duration.ofMillis(200))))
                    .isInstanceOf(ExternalLocks.NotHeld.class)
                    .hasMessageContaining("another request of this process");
        }
        new ExternalLocks(link).hold(NAME, soon()).close();
    }

    /** The kernel takes a process's lock away when the process closes the file under whatever name. */
    @Test
    void aHardLinkIsTheSameLockAndWhoAsksForItTakesTheLockFromNobody() throws Exception {
        try (PythonPeer peer = peer(); var _ = new ExternalLocks(directory).hold(NAME, soon())) {
            Files.createLink(directory.resolve("another"), directory.resolve(NAME));
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(
                        () -> new ExternalLocks(directory).hold("another", Deadline.after(Duration.ofMillis(200))))
                        .isInstanceOf(ExternalLocks.NotHeld.class)
                        .hasMessageContaining("another request of this process");
            }
            peer.send("take");
            assertThat(peer.line()).isEqualTo("busy");
        }
        new ExternalLocks(directory).hold("another", soon()).close();
    }

    @Test
    void twoObjectsOfOneProcessExcludeEachOtherToo() throws IOException {
        try (var _ = new ExternalLocks(directory).hold(NAME, soon())) {
            var other = new ExternalLocks(directory.resolve("../" + directory.getFileName()));
            assertThatThrownBy(() -> other.hold(NAME, Deadline.after(Duration.ofMillis(200))))
                    .isInstanceOf(ExternalLocks.NotHeld.class)
                    .hasMessageContaining("another request of this process");
        }
        new ExternalLocks(directory).hold(NAME, soon()).close();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(directory.resolve(NAME));
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMade() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> new ExternalLocks(missing).hold(NAME, soon()))
                .isInstanceOf(ExternalLocks.NotHeld.class)
                .hasMessageContaining("cannot be used");
        assertThat(missing).doesNotExist();
    }
}
