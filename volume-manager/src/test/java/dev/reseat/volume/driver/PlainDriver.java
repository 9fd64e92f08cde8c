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
    public Optional<ModelUpdate> createExport(Volume volume, ConnectionRequest access, Deadline deadline) {
        return driver.createExport(volume, access, deadline);
    }

    @Override
    public ConnectionInfo initializeConnection(Volume volume, ConnectionRequest access, Deadline deadline) {
        return driver.initializeConnection(volume, access, deadline);
    }

    @Override
    public ExportUse terminateConnection(Volume volume, ConnectionRequest access, Deadline deadline) {
        return driver.terminateConnection(volume, access, deadline);
    }

    @Override
    public void terminateConnections(Volume volume, Deadline deadline) {
        driver.terminateConnections(volume, deadline);
    }

    @Override
    public void removeExport(Volume volume, Deadline deadline) {
        driver.removeExport(volume, deadline);
    }
}
