package dev.reseat.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LoopbackPortsTest {
    private static final int MANY = 500;

    /** Another JVM that takes as many ports, and says which. */
    static final class Other {
        private Other() {}

        public static void main(String[] none) throws Exception {
            System.out.println(take());
            System.in.read(); // holds them until it is told to end
        }
    }

    private static List<Integer> take() {
        return IntStream.range(0, MANY).mapToObj(_ -> LoopbackPorts.reserve()).toList();
    }

    @Test
    void noPortIsGivenTwiceNeitherHereNorToAnotherJvmThatRuns() throws Exception {
        Process other = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Other.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = other.inputReader()) {
            String theirs = output.readLine();
            List<Integer> ours = take();

            assertThat(Set.copyOf(ours)).hasSize(MANY);
            assertThat(theirs).isNotNull();
            assertThat(List.of(theirs.replaceAll("[\\[\\] ]", "").split(",")))
                    .hasSize(MANY)
                    .doesNotContainAnyElementsOf(ours.stream().map(String::valueOf).toList());
        } finally {
            other.destroy();
        }
    }

    @Test
    void aPortCanBeListenedOnAgainAndAgain() throws Exception {
        int port = LoopbackPorts.reserve();
        for (int i = 0; i < 3; i++) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.getLocalPort()).isEqualTo(port);
            }
        }
    }
}
