package dev.reseat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.PrivateRabbitNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoIT {
    /** As root also where user namespaces are not allowed; others do not ask for any. */
    @Test
    @Tag("slow")
    void everythingIsRepairedOverTheMemoryTransport(@TempDir Path folder) throws Exception {
        Path unshare = Files.writeString(folder.resolve("unshare"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(unshare, PosixFilePermissions.fromString("rwxr-xr-x"));
        String path = folder + ":" + System.getenv("PATH");
        repairs("memory", NobodyPrograms.runsAsRoot() ? Map.of("PATH", path) : Map.of());
    }

    @Test
    void everythingIsRepairedOverRabbit() throws Exception {
        needRabbit();
        repairs("rabbitmq", Map.of());
    }

    @Test
    void wrongWordsAreRefused() throws Exception {
        try (DemoProcess demo = new DemoProcess("--broker", "pigeon")) {
            assertThat(demo.awaitEnd()).isEqualTo(2);
            assertThat(demo.printed()).contains("not 'pigeon'");
        }
    }

    private static void repairs(String broker, Map<String, String> environment) throws Exception {
        try (DemoProcess demo = new DemoProcess(environment, "--broker", broker)) {
            int code = demo.awaitEnd();

            assertThat(code).as(demo.printed()).isZero();
            assertThat(demo.printed()).contains("it was refused").endsWith("demo: OK").doesNotContain("NOT SO");
        }
    }

    private static void needRabbit() {
        Needed.packages(PrivateRabbitNode.installedServer().isEmpty() ? List.of("rabbitmq-server") : List.of());
    }
}
