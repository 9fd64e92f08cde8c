package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.RemovedConnection;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finishes a detach, or takes an attach back, that broke off on the host: guest and host first, then, once they are
 * seen to have let go, the backend with Cinder's attachment, and Nova's mapping at last.
 */
final class HostRemoval implements Remedy {
    static final String REMOVE = "remove_volume_connection";
    static final String PROOF_HOST = "ask guest and host again";
    static final String DELETE = "attachment_delete";
    static final String MAPPING = "delete mapping";

    private final BlockDevices devices;
    private final Attachments attachments;
    private final MappingWriter writer;
    private final StillThere rows;
    private final LettingGo host;
    private final ComputeClient computes;

    @Inject
    HostRemoval(
            BlockDevices devices, Attachments attachments, MappingWriter writer, StillThere rows, LettingGo host,
            ComputeClient computes) {
        this.devices = devices;
        this.attachments = attachments;
        this.writer = writer;
        this.rows = rows;
        this.host = host;
        this.computes = computes;
    }

    @Override
    public Prescription prescribe(RequestContext context, VolumeDiagnosis seen) {
        Volume volume = seen.volume();
        List<BlockDevice> mappings = devices.live(volume);
        if (mappings.size() != 1 || volume.attachments().size() != 1) {
            return new Prescription.ByHand("It has " + mappings.size() + " mappings and "
                    + volume.attachments().size() + " attachments, not one of each");
        }
        BlockDevice device = mappings.getFirst();
        Attachment attachment = volume.attachments().getFirst();
        Instance instance = devices.instance(context, device.instanceUuid());
        if (device.bootIndex().equals(Optional.of(0))) {
            return new Prescription.ByHand("Instance " + instance.uuid() + " boots from it");
        }
        if (instance.host().isEmpty() || !CinderObjects.host(attachment).equals(instance.host())
                || !attachment.instanceUuid().equals(Optional.of(instance.uuid()))) {
            return new Prescription.ByHand("Attachment " + attachment.id() + " is not of instance " + instance.uuid()
                    + " on the host where that is");
        }
        return new Prescription.Do(new RemedyOrder(
                Repair.REMOVE_FROM_HOST, false, volume.guard(), Optional.of(RemedyOrder.Mapping.of(device)),
                Optional.empty(), Optional.of(attachment.id())));
    }

    @Override
    public List<String> texts(RemedyOrder order) {
        return List.of(
                REMOVE + " of instance " + order.mapping().orElseThrow().instanceUuid() + " (its host)",
                PROOF_HOST + " (api-node)",
                DELETE + " " + order.attachmentId().orElseThrow() + " (volume service)",
                MAPPING + " " + order.mapping().orElseThrow().uuid() + " (api-node)");
    }

    @Override
    public Inverse inverse(RemedyOrder order) {
        return new Inverse.None("a connection that was taken off a host is made anew by an attach, not given back");
    }

    /** Halfway, the mapping of a volume that its host does not have any more is no pattern. */
    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public List<Step> steps(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline) {
        String id = order.attachmentId().orElseThrow();
        RemedyOrder.Mapping mapping = order.mapping().orElseThrow();
        return List.of(
                Step.telling(REMOVE, () -> entry.has(REMOVE, Phase.DONE), () -> remove(context, order, deadline))
                        .guardedBy(() -> guard(context, order)),
                Step.telling(PROOF_HOST, () -> false, () -> host.prove(context, order.volume().id(), deadline)),
                Step.telling(DELETE, () -> attachments.find(id).isEmpty(), () -> delete(context, id, deadline))
                        .guardedBy(() -> guard(context, order)),
                Step.of(MAPPING, () -> rows.mapping(mapping).isEmpty(),
                        () -> writer.delete(order.volume().id(), mapping, Optional.empty()))
                        .guardedBy(() -> guard(context, order)));
    }

    @Override
    public void guard(RequestContext context, RemedyOrder order) {
        unchanged(context, order);
    }

    /** The server is where it was with no task, and nobody has attached the volume anew. */
    private Instance unchanged(RequestContext context, RemedyOrder order) {
        Volume now = rows.now(context, order.volume().id());
        Instance instance = rows.idle(context, order.mapping().orElseThrow());
        boolean same = now.attachments().isEmpty()
                ? now.status().equals("available")
                : now.guard().equals(order.volume())
                        && CinderObjects.host(now.attachments().getFirst()).equals(instance.host());
        if (!same || rows.mapping(order.mapping().orElseThrow()).isEmpty()) {
            throw new ServiceException.Conflict(
                    ErrorCode.CHANGED_MEANWHILE,
                    "Volume " + now.id() + ", its mapping or its instance was changed by somebody else meanwhile.",
                    "reseat diagnose " + now.id());
        }
        return instance;
    }

    private Map<String, Object> remove(RequestContext context, RemedyOrder order, Deadline deadline) {
        Instance instance = unchanged(context, order);
        RemovedConnection removal = RemoteCall.computeOf(instance)
                .ask(() -> computes.removeVolumeConnection(context, instance, order.volume().id(), deadline));
        return Map.of("performer", removal.performer().program());
    }

    private Map<String, Object> delete(RequestContext context, String id, Deadline deadline) {
        return attachments.remove(context, attachments.show(context, id), deadline)
                .map(Performer::program)
                .<Map<String, Object>>map(program -> Map.of("performer", program))
                .orElse(Map.of());
    }
}
