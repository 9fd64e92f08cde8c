package dev.reseat.compute.connector.rbd;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.DeviceObservation;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.Findings;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Ceph images, which guests open by librbd: the host holds nothing, so there is nothing to take down once the guest has
 * let go. An image that the kernel has mapped beside that was mapped by somebody else and is not unmapped from under
 * them. Only a connection that says {@code do_local_attach}, as connectors of hosts do that attach volumes to
 * themselves, is mapped by the kernel and unmapped.
 */
final class RbdConnector implements VolumeConnector<ConnectionInfo.Rbd> {
    private static final String LOCAL = "do_local_attach";

    private final MappedImages mapped;
    private final KernelImages kernel;

    @Inject
    RbdConnector(MappedImages mapped, KernelImages kernel) {
        this.mapped = mapped;
        this.kernel = kernel;
    }

    @Override
    public Class<ConnectionInfo.Rbd> handles() {
        return ConnectionInfo.Rbd.class;
    }

    /** Fails for what is not attached to the host itself: there is no device a guest could be given. */
    @Override
    public Device connect(ConnectionInfo.Rbd connection, Deadline deadline) {
        if (!isLocal(connection)) {
            throw new ConnectorException.Failed(
                    "a guest opens " + name(connection) + " by librbd: there is no device of this host to connect");
        }
        List<String> devices = seen(connection);
        if (devices.isEmpty()) {
            kernel.map(connection, deadline);
            devices = seen(connection);
        }
        if (devices.size() != 1) {
            throw new ConnectorException.Failed(name(connection) + " was mapped, and is seen " + devices.size()
                    + " times: " + devices);
        }
        return Device.at(Path.of(devices.getFirst()));
    }

    @Override
    public void disconnect(ConnectionInfo.Rbd connection, Deadline deadline) {
        List<String> devices = seen(connection);
        if (!devices.isEmpty() && !isLocal(connection)) {
            throw new ConnectorException.Busy(
                    name(connection) + " is mapped as " + String.join(", ", devices)
                            + ", which this agent has not made");
        }
        devices.forEach(device -> kernel.unmap(connection, device, deadline));
        List<String> left = seen(connection);
        if (!left.isEmpty()) {
            throw new ConnectorException.Busy(name(connection) + " is still mapped as " + String.join(", ", left));
        }
    }

    private static boolean isLocal(ConnectionInfo.Rbd connection) {
        return connection.document().find(LOCAL).filter(Boolean.TRUE::equals).isPresent();
    }

    private List<String> seen(ConnectionInfo.Rbd connection) {
        Findings<String> devices = mapped.of(connection);
        if (!devices.doubts().isEmpty()) {
            throw new ConnectorException.Failed("whether " + name(connection) + " is mapped cannot be told: "
                    + String.join("; ", devices.doubts()));
        }
        return devices.found();
    }

    @Override
    public Inspection inspect(ConnectionInfo.Rbd connection) {
        Findings<String> devices = mapped.of(connection);
        return new Inspection(List.of(new DeviceObservation(
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
