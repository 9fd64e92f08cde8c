package dev.reseat.broker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("broker")
final class PrivateRabbitNodeIT {
    @TempDir private Path directory;

    /** Another JVM that launches a node and is killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] directory) throws InterruptedException {
            var node = PrivateRabbitNode.launch(
                    PrivateRabbitNode.installedServer().orElseThrow(), Path.of(directory[0]));
            System.out.println(node.beam().orElseThrow().pid());
            Thread.currentThread().join();
        }
    }

    @Test
    void aNodeDoesNotOutliveTheJvmThatLaunchedIt() throws Exception {
        serverProgram();
        Process victim = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Victim.class.getName(), directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = victim.inputReader()) {
            ProcessHandle beam = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            assertTrue(beam.isAlive());

            victim.destroyForcibly();

            beam.onExit().get(30, SECONDS);
        } finally {
            victim.destroyForcibly();
        }
    }

    @Test
    @Tag("slow")
    void aNodeKeepsItsAddressOverACrashEvenOfOneThatIsStopping() throws Exception {
        try (var node = PrivateRabbitNode.launch(serverProgram(), directory)) {
            String url = node.transportUrl();
            long before = node.beam().orElseThrow().pid();
            node.control("add_vhost", "kept");

            Files.delete(directory.resolve("pid")); // as RabbitMQ does when it begins to stop
            node.kill();
            assertFalse(ProcessHandle.of(before).filter(ProcessHandle::isAlive).isPresent());
            node.start();

            assertNotEquals(before, node.beam().orElseThrow().pid());
            assertTrue(node.transportUrl().equals(url));
            assertTrue(node.control("list_vhosts").contains("kept"));
        }
    }

    @Test
    void aNodeIsShownThePluginsItIsToldOfAndNoOther() throws Exception {
        Path server = serverProgram();
        NodePlugins.link(server, "[].", directory.resolve("none"));
        NodePlugins.link(server, "[rabbitmq_management].", directory.resolve("one"));
        NodePlugins.link(server, "[no_such_plugin].", directory.resolve("unknown"));
        NodePlugins.link(directory.resolve("sbin/rabbitmq-server"), "[].", directory.resolve("elsewhere"));

        Set<String> none = names(directory.resolve("none"));
        Set<String> one = names(directory.resolve("one"));
        assertTrue(none.containsAll(Set.of("rabbit", "rabbit_common", "rabbitmq_prelaunch", "ra")), none::toString);
        assertFalse(none.contains("rabbitmq_management") || none.contains("rabbitmq_mqtt"), none::toString);
        assertTrue(one.containsAll(Set.of("rabbitmq_management", "rabbitmq_web_dispatch", "cowboy")), one::toString);
        assertFalse(one.contains("rabbitmq_mqtt"), one::toString);
        assertFalse(Files.exists(directory.resolve("unknown")));
        assertFalse(Files.exists(directory.resolve("elsewhere")));
    }

    @Test
    void aNodeThatCannotStartSaysWhy() {
        Path server = serverProgram();
        var failure = assertThrows(
                IllegalStateException.class,
                () -> PrivateRabbitNode.launch(server, directory, "no.such.setting = 1"));
        assertTrue(failure.getMessage().contains("no.such.setting"), failure.getMessage());
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> links = Files.list(folder)) {
            return links.map(link -> link.getFileName().toString().replaceAll("-[0-9.]+$", ""))
                    .collect(Collectors.toSet());
        }
    }

    /** Where it is missing the test is skipped, or fails with {@code -Dreseat.peers=required}. */
    private static Path serverProgram() {
        Optional<Path> server = PrivateRabbitNode.installedServer();
        boolean required = "required".equals(System.getProperty("reseat.peers"));
        assumeTrue(server.isPresent() || required, "this test needs rabbitmq-server on this machine");
        return server.orElseThrow();
    }
}
