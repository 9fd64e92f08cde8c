package dev.reseat.rpc;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Where a message goes, or where a server listens: oslo.messaging's {@code Target}.
 *
 * @param exchange the control exchange of the service that listens
 * @param topic the name of the service's interface; may contain dots ({@code cinder-volume.host@backend})
 * @param server one listener of the topic, or empty for any of them
 * @param namespace the method namespace, or empty for the default one
 * @param version the version of the interface that is asked for, or implemented
 */
public record Target(
        String exchange, String topic, Optional<String> server, Optional<String> namespace, RpcVersion version) {
    public Target {
        requireNonNull(server, "server is null");
        requireNonNull(namespace, "namespace is null");
        requireNonNull(version, "version is null");
        if (exchange.isBlank() || topic.isBlank()) {
            throw new IllegalArgumentException(
                    "exchange and topic must not be blank: '" + exchange + "', '" + topic + "'");
        }
    }

    public static Target of(String exchange, String topic) {
        return new Target(exchange, topic, Optional.empty(), Optional.empty(), RpcVersion.DEFAULT);
    }

    public Target onServer(String name) {
        return new Target(exchange, topic, Optional.of(name), namespace, version);
    }

    public Target inNamespace(String name) {
        return new Target(exchange, topic, server, Optional.of(name), version);
    }

    public Target atVersion(RpcVersion wanted) {
        return new Target(exchange, topic, server, namespace, wanted);
    }

    /** The queue and routing key of this target: {@code topic} or {@code topic.server}. */
    public String routingKey() {
        return server.map(name -> topic + "." + name).orElse(topic);
    }
}
