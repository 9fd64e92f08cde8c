package dev.reseat.volume.service;

import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.BreaksLocks;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.FencesClients;
import java.time.Duration;

/**
 * What is done about clients that a backend has lost: the lock of a dead one is broken, one is kept out on demand. No
 * longer than the caller waits for it.
 */
public final class LostClients {
    private static final System.Logger LOG = System.getLogger(LostClients.class.getName());

    private final Backend backend;
    private final VolumeLoader volumes;
    private final VolumeLocks locks;

    public LostClients(Backend backend, VolumeLoader volumes, VolumeLocks locks) {
        this.backend = backend;
        this.volumes = volumes;
        this.locks = locks;
    }

    public BreakLock.Result breakLock(RequestContext context, BreakLock request, Deadline outer) {
        String volumeId = VolumeLoader.idOf(request.volumeId(), request.volume());
        try (KeyedLocks.Held lock = locks.toChange(volumeId, BreakLock.METHOD, outer)) {
            BackendVolume volume =
                    volumes.find(context, request.volumeId(), request.volume(), lock.deadline()).volume();
            BreakLock.Result result = backend.run(BreakLock.METHOD, lock, driver -> driver instanceof BreaksLocks able
                    ? able.breakLock(volume, lock.deadline())
                    : new BreakLock.Result(
                            BreakLock.Outcome.NOT_IMPLEMENTED, "driver " + driver.name() + " knows no locks"));
            LOG.log(System.Logger.Level.INFO, "lock of volume {0}: {1}, {2}", volumeId, result.outcome().text(),
                    result.detail());
            return result;
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("The lock cannot be broken: %s", e);
        }
    }

    /** A failure does not say that the client is let in still: what was done before it stays. */
    public FenceClient.Result fence(RequestContext context, FenceClient request, Deadline outer) {
        Deadline deadline = locks.changing(outer);
        try {
            FenceClient.Result result = backend.run(FenceClient.METHOD, deadline, driver -> {
                if (!(driver instanceof FencesClients able)) {
                    return new FenceClient.Result(
                            false, driver.name(), "driver " + driver.name() + " cannot keep a client out");
                }
                return new FenceClient.Result(
                        true, driver.name(),
                        able.fence(request.address(), Duration.ofSeconds(request.time()), deadline));
            });
            LOG.log(System.Logger.Level.WARNING, "fence asked for by {0}: {1}", context.requestId().orElse("-"),
                    result.detail());
            return result;
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("It is not shown that the client is kept out, and it may be: %s", e);
        }
    }
}
