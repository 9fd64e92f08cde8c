package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has the backend break the one lock that a dead client has left. The driver looks once more right before: a lock
 * whose owner is there, or may come back, stays.
 */
final class LockBreaking implements Remedy {
    private final VolumeClient backends;
    private final StillThere rows;

    @Inject
    LockBreaking(VolumeClient backends, StillThere rows) {
        this.backends = backends;
        this.rows = rows;
    }

    @Override
    public Prescription prescribe(RequestContext context, VolumeDiagnosis seen) {
        return new Prescription.Do(new RemedyOrder(
                Repair.BREAK_LOCK, false, seen.volume().guard(), Optional.empty(), Optional.empty(),
                Optional.empty()));
    }

    @Override
    public List<String> texts(RemedyOrder order) {
        return List.of(BreakLock.METHOD + " (reseat-volume-manager)");
    }

    @Override
    public Inverse inverse(RemedyOrder order) {
        return new Inverse.None("a lock that is broken is taken by who comes next");
    }

    @Override
    public void guard(RequestContext context, RemedyOrder order) {
        rows.volume(context, order.volume());
    }

    @Override
    public List<Step> steps(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline) {
        return List.of(
                Step.telling(BreakLock.METHOD, () -> false, () -> breakLock(context, order, deadline))
                        .guardedBy(() -> guard(context, order)));
    }

    private Map<String, Object> breakLock(RequestContext context, RemedyOrder order, Deadline deadline) {
        var volume = rows.volume(context, order.volume());
        BreakLock.Result result =
                RemoteCall.backendOf(volume).ask(() -> backends.breakLock(context, volume, deadline));
        return switch (result.outcome()) {
            case BROKEN, NONE -> Map.of("outcome", result.outcome().text(), "detail", result.detail());
            case REFUSED, NOT_IMPLEMENTED -> throw new ServiceException.Failed(
                    result.detail(), "reseat diagnose " + order.volume().id(), null);
        };
    }
}
