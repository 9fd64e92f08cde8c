package dev.reseat.compute.connector;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Connects to nothing, and remembers it in the host's set, which outlives the connector. */
public final class MemoryConnector implements VolumeConnector<ConnectionInfo.Local> {
    private final Set<Path> reachable;
    private final Set<Path> held;
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    /** @param held the devices that this host holds; thread-safe */
    public MemoryConnector(Set<Path> reachable, Set<Path> held) {
        this.reachable = reachable;
        this.held = held;
    }

    /** The next disconnects fail with it. */
    public void failWith(RuntimeException cause) {
        failure.set(cause);
    }

    @Override
    public Class<ConnectionInfo.Local> handles() {
        return ConnectionInfo.Local.class;
    }

    @Override
    public Device connect(ConnectionInfo.Local connection, Deadline deadline) {
        if (!reachable.contains(connection.device())) {
            throw new ConnectorException.Failed("not there: " + connection.device());
        }
        held.add(connection.device());
        return Device.at(connection.device());
    }

    @Override
    public void disconnect(ConnectionInfo.Local connection, Deadline deadline) {
        if (failure.get() != null) {
            throw failure.get();
        }
        if (!reachable.contains(connection.device())) {
            throw new ConnectorException.Failed("not to be seen: " + connection.device());
        }
        held.remove(connection.device());
    }

    @Override
    public Inspection inspect(ConnectionInfo.Local connection) {
        return reachable.contains(connection.device())
                ? new Inspection(List.of(
                        new DeviceObservation("memory", Answer.of(held.contains(connection.device())), "looked up")))
                : Inspection.unknown("not to be seen: " + connection.device());
    }
}
