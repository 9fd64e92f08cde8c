package dev.reseat.volume.service;

import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.rpc.RequestContext;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.Volume;
import java.util.List;

/** Who the backend sees at a volume. Changes nothing and waits for nobody. */
public final class BackendView {
    private final Backend backend;
    private final Volumes volumes;

    public BackendView(Backend backend, Volumes volumes) {
        this.backend = backend;
        this.volumes = volumes;
    }

    public DescribeConnections.Result describe(RequestContext context, DescribeConnections request) {
        Volume volume = volumes.find(context, request.volumeId(), request.volume()).volume();
        try {
            return backend.run(
                    "describe_connections",
                    driver -> driver instanceof DescribesConnections able
                            ? new DescribeConnections.Result(true, driver.name(), able.describe(volume))
                            : new DescribeConnections.Result(false, driver.name(), List.of()));
        } catch (DriverException e) {
            throw VolumeOpener.failed("Connections cannot be described: %s", e);
        }
    }
}
