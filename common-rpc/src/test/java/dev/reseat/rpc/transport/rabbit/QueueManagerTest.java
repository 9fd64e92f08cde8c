package dev.reseat.rpc.transport.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.transport.rabbit.QueueManager.ProcessGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QueueManagerTest {
    private static final ProcessGroup GROUP = new ProcessGroup(100, 5_000);

    @TempDir private Path directory;

    private QueueManager manager(ProcessGroup group) {
        return new QueueManager("host-1", "nova-api", directory.resolve("locks"), directory, group);
    }

    private Path counter() {
        return directory.resolve("host-1_nova-api_qmanager");
    }

    @Test
    void numbersGoOnOverTheProcessesOfAService() {
        assertThat(manager(GROUP).next()).isEqualTo("host-1:nova-api:1");
        assertThat(manager(GROUP).next()).isEqualTo("host-1:nova-api:2");
        assertThat(counter()).hasContent("100:2:5000");
    }

    @Test
    void aRestartBeginsAnew() {
        manager(GROUP).next();
        manager(GROUP).next();
        assertThat(manager(new ProcessGroup(101, 5_000)).next()).endsWith(":1");
        assertThat(manager(new ProcessGroup(101, 6_000)).next()).endsWith(":1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100", "100:x:5000", "100:7"})
    void aTornCounterBeginsAnew(String content) throws IOException {
        Files.writeString(counter(), content);
        assertThat(manager(GROUP).next()).endsWith(":1");
    }

    @Test
    void threadsGetDifferentNumbers() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                threads.execute(() -> names.add(manager(GROUP).next()));
            }
        }
        assertThat(names).hasSize(50).contains("host-1:nova-api:50");
    }

    @Test
    void whatCannotBeCountedIsSaid() throws IOException {
        Files.createDirectory(counter());
        assertThatThrownBy(() -> manager(GROUP).next()).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(counter().toString());
    }

    @Test
    void aProcessKnowsItsGroup() throws IOException {
        assertThat(ProcessGroup.own().startTime()).isPositive();
    }

    @Test
    void theProgramGivesTheNameIfNoneIsSet() throws IOException {
        String program = "queue-manager-test-" + ProcessHandle.current().pid();
        try {
            assertThat(QueueManager.of(new ManagedNames("host-1", Optional.empty(), directory), program).next())
                    .isEqualTo("host-1:" + program + ":1");
        } finally {
            Files.deleteIfExists(Path.of("/dev/shm", "host-1_" + program + "_qmanager"));
        }
    }
}
