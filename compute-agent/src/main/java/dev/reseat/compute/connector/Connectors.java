package dev.reseat.compute.connector;

import dev.reseat.contract.Answer;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every connector of this host, by the kind of connection it makes. Promises what {@link VolumeConnector} promises. */
public final class Connectors {
    private final Map<Class<?>, VolumeConnector<?>> connectors;

    @Inject
    public Connectors(Set<VolumeConnector<?>> connectors) {
        this.connectors = connectors.stream()
                .collect(Collectors.toUnmodifiableMap(VolumeConnector::handles, Function.identity()));
    }

    /** @throws ConnectorException.NotSupported if no connector speaks the protocol */
    public Device connect(ConnectionInfo connection) {
        return connect(required(connection), connection);
    }

    /** @throws ConnectorException.NotSupported if no connector speaks the protocol */
    public void disconnect(ConnectionInfo connection) {
        disconnect(required(connection), connection);
    }

    /** Unknown for a protocol that no connector speaks. */
    public Observation inspect(ConnectionInfo connection) {
        return find(connection)
                .map(connector -> inspect(connector, connection))
                .orElseGet(() -> new Observation(
                        Answer.UNKNOWN, "no connector for " + connection.driverVolumeType() + " volumes on this host"));
    }

    private Optional<VolumeConnector<?>> find(ConnectionInfo connection) {
        return Optional.ofNullable(connectors.get(connection.getClass()));
    }

    private VolumeConnector<?> required(ConnectionInfo connection) {
        return find(connection)
                .orElseThrow(() -> new ConnectorException.NotSupported(connection.driverVolumeType()));
    }

    private static <C extends ConnectionInfo> Device connect(VolumeConnector<C> connector, ConnectionInfo connection) {
        return connector.connect(connector.handles().cast(connection));
    }

    private static <C extends ConnectionInfo> void disconnect(VolumeConnector<C> connector, ConnectionInfo connection) {
        connector.disconnect(connector.handles().cast(connection));
    }

    private static <C extends ConnectionInfo> Observation inspect(
            VolumeConnector<C> connector, ConnectionInfo connection) {
        return connector.inspect(connector.handles().cast(connection));
    }
}
