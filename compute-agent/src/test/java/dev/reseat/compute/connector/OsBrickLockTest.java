package dev.reseat.compute.connector;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether nova-compute takes the same lock, by what {@code /proc} shows of it. */
final class OsBrickLockTest {
    @TempDir private Path directory;
    @TempDir private Path processes;

    @BeforeEach
    void seesEveryProcess() throws IOException {
        namespace("pid:[4026531836]");
    }

    private void namespace(String name) throws IOException {
        Path link = processes.resolve("self/ns/pid");
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(name));
    }

    /** @param root what it sees as its root folder */
    private void process(String words, Path root) throws IOException {
        Path process = Files.createDirectories(processes.resolve("77"));
        Files.writeString(process.resolve("cmdline"), words.replace(' ', '\0'));
        Files.createSymbolicLink(process.resolve("root"), root);
    }

    private void take() {
        new OsBrickLock(Optional.of(directory), new NovaProcesses(processes))
                .hold(Deadline.after(Duration.ofSeconds(30)))
                .close();
    }

    @Test
    void isTakenBesideANovaComputeThatSeesTheSameFolder() throws IOException {
        process("/usr/bin/python3 /usr/bin/nova-compute --config-file /etc/nova/nova.conf", Path.of("/"));

        assertThatCode(this::take).doesNotThrowAnyException();
    }

    @Test
    void isRefusedBesideOneThatSeesAnotherOrNone() throws IOException {
        Path container = Files.createDirectory(processes.resolve("container"));
        process("/usr/bin/nova-compute", container);

        assertThatThrownBy(this::take).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("nova-compute (process 77)");
        Files.createDirectories(container.resolve(directory.toString().substring(1)));
        assertThatThrownBy(this::take).isInstanceOf(ConnectorException.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nova-compute", "/usr/bin/python3 -s /usr/bin/nova-compute", "/\u00f6/nova-compute"})
    void isKnownHoweverItWasStarted(String words) throws IOException {
        process(words, Files.createDirectory(processes.resolve("container")));

        assertThatThrownBy(this::take).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("nova-compute (process 77)");
    }

    @Test
    void isRefusedWhereItCannotBeSeenWhatAProcessRuns() throws IOException {
        Files.createDirectories(processes.resolve("78/cmdline")); // is there, and cannot be read as a file

        assertThatThrownBy(this::take).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void othersDoNotMatter() throws IOException {
        Files.createDirectories(processes.resolve("78")); // has ended
        process("/usr/bin/vim /etc/nova/nova-compute.conf nova-compute", processes);

        assertThatCode(this::take).doesNotThrowAnyException();
    }

    @Test
    void isRefusedWhereNotEveryProcessIsSeen() throws IOException {
        namespace("pid:[4026532201]");

        assertThatThrownBy(this::take).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("not every process");
    }

    @Test
    void isRefusedWhereTheFolderIsNotThere() throws IOException {
        Files.delete(directory);

        assertThatThrownBy(this::take).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("cannot be looked at");
    }
}
