package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has a volume deleted whose object the backend does not have any more. OpenStack's own volume service does it: to
 * delete what is gone is no failure for it, and it gives quota, metadata and row back as in any other delete.
 */
final class DeleteCompletion implements Remedy {
    static final String DELETE = "delete_volume";
    static final String PROOF = "proof";

    private final VolumeClient backends;
    private final StillThere rows;

    @Inject
    DeleteCompletion(VolumeClient backends, StillThere rows) {
        this.backends = backends;
        this.rows = rows;
    }

    @Override
    public Prescription prescribe(RequestContext context, VolumeDiagnosis seen) {
        return new Prescription.Do(new RemedyOrder(
                Repair.FINISH_DELETE, false, seen.volume().guard(), Optional.empty(), Optional.empty(),
                Optional.empty()));
    }

    @Override
    public List<String> texts(RemedyOrder order) {
        return List.of(DELETE + " (cinder-volume)", "read its row again (api-node)");
    }

    @Override
    public Inverse inverse(RemedyOrder order) {
        return new Inverse.None("a volume that is deleted does not come back");
    }

    @Override
    public void guard(RequestContext context, RemedyOrder order) {
        rows.volume(context, order.volume());
    }

    @Override
    public List<Step> steps(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline) {
        String id = order.volume().id();
        return List.of(
                Step.telling(DELETE, () -> rows.find(context, id).isEmpty(), () -> delete(context, order, deadline))
                        .guardedBy(() -> guard(context, order)),
                Step.of(PROOF, () -> rows.find(context, id).isEmpty(), () -> {
                    throw new ServiceException.Failed(
                            "cinder-volume has been told to delete volume " + id
                                    + ", and its row is still there: it is "
                                    + rows.volume(context, order.volume()).status() + ".",
                            "reseat diagnose " + id, null);
                }));
    }

    private Map<String, Object> delete(RequestContext context, RemedyOrder order, Deadline deadline) {
        var volume = rows.volume(context, order.volume());
        return Map.of("performer", RemoteCall.backendOf(volume)
                .ask(() -> backends.deleteVolume(context, volume, deadline))
                .program());
    }
}
