package dev.reseat.examples;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.Target;
import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.RabbitBroker;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The examples of the README in processes of their own, with nothing on their class path but what a user of the library
 * gets: no Guice and no registry of metrics but the simple one.
 */
@Tag("broker")
final class ExamplesIT {
    private static final List<String> NEEDED = List.of(
            "reseat-common-rpc", "amqp-client", "jackson-databind", "jackson-core", "jackson-annotations",
            "micrometer-core",
            "micrometer-commons", "micrometer-observation", "HdrHistogram", "LatencyUtils", "jspecify", "slf4j-api");

    private final String url = RabbitBroker.running().transportUrl();

    @Test
    void theClientOfTheReadmeCallsTheServerOfTheReadme() throws Exception {
        Process server = start("GreetingServer");
        try (BufferedReader output = server.inputReader(); OsloPeer python = OsloPeer.connect(url)) {
            assertThat(output.readLine()).isEqualTo("serving");

            Process client = start("GreetingClient");
            assertThat(client.inputReader().readLine()).isEqualTo("Hello, Ada");
            assertThat(client.waitFor(60, SECONDS)).as("the client ends").isTrue();
            assertThat(client.exitValue()).isZero();
            assertThat(python.call(Target.of("greetings", "greeter"), "greet", Map.of("name", "Bob"))
                    .result()
                    .stringValue())
                    .isEqualTo("Hello, Bob");

            server.getOutputStream().close();
            assertThat(server.waitFor(60, SECONDS)).as("the server ends").isTrue();
            assertThat(server.exitValue()).isZero();
        } finally {
            server.destroyForcibly();
        }
    }

    private Process start(String example) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        var builder = new ProcessBuilder(java.toString(), "-cp", classPath(), "dev.reseat.examples." + example)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OS_DEFAULT__TRANSPORT_URL", url);
        return builder.start();
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith(".jar")
                        || NEEDED.stream().anyMatch(name -> Path.of(entry).getFileName().toString().startsWith(name)))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
