package dev.reseat.volume.service;

import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.Volume;
import java.util.List;

/**
 * Who the backend sees at a volume. Changes nothing; waits until a change that is under way has ended, because what
 * shows in the middle of it is no answer to what has become of it.
 */
public final class BackendView {
    private final Backend backend;
    private final VolumeLoader volumes;
    private final VolumeLocks locks;

    public BackendView(Backend backend, VolumeLoader volumes, VolumeLocks locks) {
        this.backend = backend;
        this.volumes = volumes;
        this.locks = locks;
    }

    public DescribeConnections.Result describe(RequestContext context, DescribeConnections request) {
        String volumeId = VolumeLoader.idOf(request.volumeId(), request.volume());
        try (KeyedLocks.Held lock = locks.toLook(volumeId, DescribeConnections.METHOD)) {
            Volume volume = volumes.find(context, request.volumeId(), request.volume(), lock.deadline()).volume();
            return backend.run(
                    "describe_connections",
                    lock,
                    driver -> driver instanceof DescribesConnections able
                            ? new DescribeConnections.Result(true, driver.name(),
                                    ResetPolicy.connections(able.describe(volume, lock.deadline())))
                            : new DescribeConnections.Result(false, driver.name(), List.of()));
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("Connections cannot be described: %s", e);
        }
    }
}
