package dev.reseat.volume.driver;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.runtime.Deadline;
import java.util.Map;
import java.util.Optional;

/** A driver without further abilities, made of one that has them. */
public record PlainDriver(VolumeDriver driver) implements VolumeDriver {
    @Override
    public String name() {
        return "plain";
    }

    @Override
    public void prepare(Deadline deadline) {
        driver.prepare(deadline);
    }

    @Override
    public void probe(Deadline deadline) {
        driver.probe(deadline);
    }

    @Override
    public Map<String, Object> capabilities() {
        return driver.capabilities();
    }

    @Override
    public void validate(Connector connector) {
        driver.validate(connector);
    }

    @Override
    public Optional<ModelUpdate> createExport(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        return driver.createExport(volume, access, deadline);
    }

    @Override
    public ConnectionInfo initializeConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        return driver.initializeConnection(volume, access, deadline);
    }

    @Override
    public ExportUse terminateConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        return driver.terminateConnection(volume, access, deadline);
    }

    @Override
    public void terminateConnections(BackendVolume volume, Deadline deadline) {
        driver.terminateConnections(volume, deadline);
    }

    @Override
    public void removeExport(BackendVolume volume, Deadline deadline) {
        driver.removeExport(volume, deadline);
    }
}
