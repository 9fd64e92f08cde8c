package dev.reseat.compute.connector.rbd;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.Observation;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.Findings;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Ceph images, which guests open by librbd: the host holds nothing, so there is nothing to take down once the guest has
 * let go. An image that the kernel has mapped was mapped by somebody else ({@code do_local_attach}, or by hand) and is
 * not unmapped from under them.
 */
final class RbdConnector implements VolumeConnector<ConnectionInfo.Rbd> {
    private final MappedImages mapped;

    @Inject
    RbdConnector(MappedImages mapped) {
        this.mapped = mapped;
    }

    @Override
    public Class<ConnectionInfo.Rbd> handles() {
        return ConnectionInfo.Rbd.class;
    }

    /** Always fails: there is no device a guest could be given. */
    @Override
    public Device connect(ConnectionInfo.Rbd connection, Deadline deadline) {
        throw new ConnectorException.Failed(
                "a guest opens " + name(connection) + " by librbd: there is no device of this host to connect");
    }

    @Override
    public void disconnect(ConnectionInfo.Rbd connection, Deadline deadline) {
        Findings<String> devices = mapped.of(connection);
        if (!devices.found().isEmpty()) {
            throw new ConnectorException.Busy(
                    name(connection) + " is mapped as " + String.join(", ", devices.found())
                            + ", which this agent has not made");
        }
        if (!devices.doubts().isEmpty()) {
            throw new ConnectorException.Failed("whether " + name(connection) + " is mapped cannot be told: "
                    + String.join("; ", devices.doubts()));
        }
    }

    @Override
    public Inspection inspect(ConnectionInfo.Rbd connection) {
        Findings<String> devices = mapped.of(connection);
        return new Inspection(List.of(new Observation(
                "kernel rbd", devices.any(), name(connection) + ": " + devices.detail("not mapped on this host"))));
    }

    /** Images that the kernel has mapped; what guests have open by librbd is theirs. */
    @Override
    public HostInventory.Result inventory() {
        Findings<String> images = mapped.all();
        return new HostInventory.Result(
                images.found()
                        .stream()
                        .map(image -> new HostInventory.Held(
                                ConnectionInfo.Rbd.TYPE, image, Answer.YES, image + " is mapped by the kernel"))
                        .toList(),
                Optional.empty(),
                images.doubts());
    }

    private static String name(ConnectionInfo.Rbd connection) {
        return connection.pool() + "/" + connection.image();
    }
}
