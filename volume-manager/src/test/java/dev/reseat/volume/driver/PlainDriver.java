package dev.reseat.volume.driver;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import java.util.Map;

/** A driver without further abilities, made of one that has them. */
public record PlainDriver(VolumeDriver driver) implements VolumeDriver {
    @Override
    public String name() {
        return "plain";
    }

    @Override
    public void prepare() {
        driver.prepare();
    }

    @Override
    public void probe() {
        driver.probe();
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
    public void createExport(Volume volume, ConnectionRequest access) {
        driver.createExport(volume, access);
    }

    @Override
    public ConnectionInfo initializeConnection(Volume volume, ConnectionRequest access) {
        return driver.initializeConnection(volume, access);
    }

    @Override
    public ExportUse terminateConnection(Volume volume, ConnectionRequest access) {
        return driver.terminateConnection(volume, access);
    }

    @Override
    public void terminateConnections(Volume volume) {
        driver.terminateConnections(volume);
    }

    @Override
    public void removeExport(Volume volume) {
        driver.removeExport(volume);
    }
}
