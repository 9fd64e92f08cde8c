package dev.reseat.testing;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.rabbitmq.RabbitMQContainer;

/** RabbitMQ in a container; loaded only where nothing nearer is at hand. */
final class RabbitContainer {
    private static final String IMAGE = "rabbitmq:4";

    private RabbitContainer() {}

    static boolean isPossible() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    /** Runs until the JVM ends. @return its transport_url */
    @SuppressWarnings("resource") // Testcontainers removes it when the JVM ends
    static String start() {
        var container = new RabbitMQContainer(IMAGE);
        container.start();
        return "rabbit://%s:%s@%s:%d/".formatted(container.getAdminUsername(), container.getAdminPassword(),
                container.getHost(), container.getAmqpPort());
    }
}
