package dev.reseat.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.process.SystemCommandRunner;
import dev.reseat.testing.PythonPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceManagerNoticeIT {
    @TempDir private Path directory;

    @Test
    void theManagerHearsWhenAllWorksAndWhenTheEndBegins() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/systemd-notify")) || "required".equals(System.getProperty(
                        "reseat.peers")),
                "this test needs systemd-notify: install systemd");
        Path socket = directory.resolve("notify");
        try (var manager = PythonPeer.start("notify_socket.py", socket.toString())) {
            assertThat(manager.line()).isEqualTo("listening");
            var notice = new ServiceManagerNotice(
                    new SystemCommandRunner(List.of("env", "NOTIFY_SOCKET=" + socket)), true);

            notice.start();
            assertThat(manager.line()).isEqualTo("READY=1");
            notice.drain(Duration.ofSeconds(5));
            assertThat(manager.line()).isEqualTo("STOPPING=1");
        }
    }
}
