package dev.reseat.rpc.transport.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.rpc.transport.rabbit.QueueManager.ProcessGroup;
import dev.reseat.testing.PythonPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of one service, some of them Python, never get the same name. */
@Tag("broker")
final class QueueManagerIT {
    private static final int TIMES = 200;

    @TempDir private Path directory;

    @Test
    void pythonAndWeTakeNumbersFromOneCounter() throws Exception {
        ProcessGroup own = ProcessGroup.own();
        assumeTrue(Files.exists(Path.of("/proc", String.valueOf(own.id()))),
                "upstream wants the group's first process");
        var ours = new QueueManager("host-1", "shared", directory, directory, own);
        Set<String> names = new HashSet<>();
        try (PythonPeer python = PythonPeer.start("oslo_count.py", "host-1", "shared", directory.toString(),
                directory.toString(), String.valueOf(TIMES))) {
            names.add(python.line()); // it counts by now
            for (int i = 0; i < TIMES; i++) {
                names.add(ours.next());
            }
            for (int i = 1; i < TIMES; i++) {
                names.add(python.line());
            }
            python.awaitEnd();
        }
        assertThat(names).hasSize(2 * TIMES).contains("host-1:shared:1", "host-1:shared:" + 2 * TIMES);
    }
}
