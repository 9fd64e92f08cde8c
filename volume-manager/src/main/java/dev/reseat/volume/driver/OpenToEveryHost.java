package dev.reseat.volume.driver;

import dev.reseat.contract.connection.Connector;
import dev.reseat.runtime.Deadline;

/**
 * A driver whose backend lets in whoever has the key or the share: there is no export to make or to take away, and no
 * host is kept out. That a volume is free is seen by those alone who use it.
 */
public interface OpenToEveryHost extends VolumeDriver, DescribesConnections {
    /** Such a backend asks nothing of a host; without a name nobody could tell hosts apart. */
    @Override
    default void validate(Connector connector) {
        if (connector.host().isEmpty()) {
            throw new DriverException.ConnectorRejected("host");
        }
    }

    @Override
    default ExportUse terminateConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "terminate a connection");
        return volume.isOpenBeside(access) ? ExportUse.SHARED : ExportUse.NONE;
    }

    @Override
    default void terminateConnections(BackendVolume volume, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "terminate connections");
    }

    @Override
    default void removeExport(BackendVolume volume, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "remove an export");
    }

    @Override
    default boolean keepsHostsOut() {
        return false;
    }
}
