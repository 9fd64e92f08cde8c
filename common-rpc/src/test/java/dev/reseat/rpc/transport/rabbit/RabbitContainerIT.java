package dev.reseat.rpc.transport.rabbit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.rabbitmq.RabbitMQContainer;

/**
 * The same promises on the RabbitMQ its makers ship, which is newer than those of distributions. Skipped where no
 * container engine answers, also where all other peers are required: not every machine that builds may run one.
 */
@Tag("broker")
final class RabbitContainerIT extends TransportContract {
    private static final String IMAGE = "rabbitmq:4";
    private static RabbitMQContainer container;

    @BeforeAll
    static void start() {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no container engine answers");
        container = new RabbitMQContainer(IMAGE);
        container.start();
    }

    @AfterAll
    static void stop() {
        if (container != null) {
            container.stop();
        }
    }

    @Override
    protected Transport open() {
        return RabbitTransports.open("rabbit://%s:%s@%s:%d/".formatted(
                container.getAdminUsername(), container.getAdminPassword(),
                container.getHost(), container.getAmqpPort()));
    }
}
