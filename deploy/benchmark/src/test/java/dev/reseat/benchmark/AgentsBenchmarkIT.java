package dev.reseat.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.RabbitBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class AgentsBenchmarkIT {
    private final Path server = RabbitBroker.serverProgram();
    private final AgentsBenchmark benchmark = new AgentsBenchmark(server, Duration.ofSeconds(1), System.err);

    @Test
    void agentsOfOursAnswerAgainAfterTheBrokerWasKilled() throws IOException, InterruptedException {
        AgentsResult result = benchmark.run(Hosting.TOGETHER, 3);

        // a listener and a publisher each; the topic's queue, and one for each name and each fanout
        assertThat(result.connections()).isEqualTo(6);
        assertThat(result.queues()).isEqualTo(7);
        assertThat(List.of(result.heapBytes(), result.agentsBytes(), result.brokerBytes(), result.threads()))
                .allSatisfy(value -> assertThat(value).isPositive());
        assertThat(AgentsTable.row(result).split("\\|", -1)).hasSameSizeAs(AgentsTable.HEAD.lines()
                .findFirst()
                .orElseThrow()
                .split("\\|", -1));
    }

    @Test
    void agentsOfOsloMessagingDoToo() throws IOException, InterruptedException {
        OsloPeer.connect("rabbit://127.0.0.1:1/").close(); // skips or fails where oslo.messaging is missing

        AgentsResult result = benchmark.run(Hosting.PYTHON_EACH, 2);

        assertThat(result.queues()).isEqualTo(5);
        assertThat(result.agentsBytes()).isPositive();
    }
}
