package dev.reseat.volume.service;

import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.step.Admission;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.service.VolumeLoader.LoadedVolume;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * The driver's part of resetting a status. Changes the backend and nothing in the state: the caller commits what it
 * makes of the outcome. Repeatable.
 */
public final class StateReset {
    private static final System.Logger LOG = System.getLogger(StateReset.class.getName());

    private final Backend backend;
    private final VolumeLoader volumes;
    private final VolumeLocks locks;

    public StateReset(Backend backend, VolumeLoader volumes, VolumeLocks locks) {
        this.backend = backend;
        this.volumes = volumes;
        this.locks = locks;
    }

    /**
     * @param admission required once it is this one's turn and before the driver changes anything; what it throws comes
     *     through, with nothing done
     * @param deadline when its caller gives up; no longer than a change may take anyway
     */
    public ResetStatus.Result reset(RequestContext context, ResetStatus request, Admission admission,
            Deadline deadline) {
        String volumeId = VolumeLoader.idOf(request.volumeId(), request.volume());
        ResetOutcome report = switch (request.status().toLowerCase(Locale.ROOT)) {
            case "available" -> reset(context, request, admission, deadline, ResetPolicy::takeDown);
            case "in-use" -> reset(context, request, admission, deadline, ResetPolicy::putBack);
            default -> new ResetOutcome(
                    Outcome.NOTHING_TO_DO,
                    "status " + request.status() + " asks nothing of the backend",
                    List.of());
        };
        LOG.log(
                System.Logger.Level.INFO,
                "reset of volume {0} to {1}: {2}, {3}",
                volumeId,
                request.status(),
                report.outcome().text(),
                report.detail());
        return new ResetStatus.Result(report.outcome(), backend.driverName(), report.detail(), report.connections());
    }

    private ResetOutcome reset(
            RequestContext context,
            ResetStatus request,
            Admission admission,
            Deadline deadline,
            BiFunction<ResetPolicy, BackendVolume, ResetOutcome> change) {
        String volumeId = VolumeLoader.idOf(request.volumeId(), request.volume());
        try (KeyedLocks.Held lock = locks.toChange(volumeId, ResetStatus.METHOD, deadline)) {
            LoadedVolume known = volumes.find(context, request.volumeId(), request.volume(), lock.deadline());
            admission.require();
            return backend.run("reset_status", lock, driver -> driver instanceof DescribesConnections view
                    ? change.apply(
                            new ResetPolicy(
                                    driver, view, volumes.models(context, known, lock.deadline()), lock.deadline()),
                            known.volume())
                    : new ResetOutcome(
                            Outcome.NOT_IMPLEMENTED,
                            "driver " + driver.name() + " cannot tell who is at a volume, so it cannot reset",
                            List.of()));
        } catch (DriverException.NotReady e) {
            throw new VolumeException.DriverNotReady(e.getMessage(), e);
        } catch (DriverException.OutOfTime e) {
            throw new VolumeException.OutcomeUnknown(e.getMessage(), e);
        } catch (DriverException e) {
            return new ResetOutcome(Outcome.FAILED, e.getMessage(), List.of());
        }
    }
}
