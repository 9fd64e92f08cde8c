package dev.reseat.compute.connector;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.runtime.Deadline;
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
    public Device connect(ConnectionInfo connection, Deadline deadline) {
        return connect(required(connection), connection, deadline);
    }

    /** @throws ConnectorException.NotSupported if no connector speaks the protocol */
    public void disconnect(ConnectionInfo connection, Deadline deadline) {
        disconnect(required(connection), connection, deadline);
    }

    /** Unknown for a protocol that no connector speaks. */
    public Inspection inspect(ConnectionInfo connection) {
        return find(connection)
                .map(connector -> inspect(connector, connection))
                .orElseGet(() -> Inspection.unknown(
                        "no connector for " + connection.type() + " volumes on this host"));
    }

    private Optional<VolumeConnector<?>> find(ConnectionInfo connection) {
        return Optional.ofNullable(connectors.get(connection.getClass()));
    }

    private VolumeConnector<?> required(ConnectionInfo connection) {
        return find(connection)
                .orElseThrow(() -> new ConnectorException.NotSupported(connection.type()));
    }

    private static <C extends ConnectionInfo> Device connect(
            VolumeConnector<C> connector, ConnectionInfo connection, Deadline deadline) {
        return connector.connect(connector.handles().cast(connection), deadline);
    }

    private static <C extends ConnectionInfo> void disconnect(
            VolumeConnector<C> connector, ConnectionInfo connection, Deadline deadline) {
        connector.disconnect(connector.handles().cast(connection), deadline);
    }

    private static <C extends ConnectionInfo> Inspection inspect(
            VolumeConnector<C> connector, ConnectionInfo connection) {
        return connector.inspect(connector.handles().cast(connection));
    }
}
