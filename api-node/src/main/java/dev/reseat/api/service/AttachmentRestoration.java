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
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.StateChange;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Gives a volume that a running guest has, and that Cinder counts as free, the attachment back which its mapping names
 * and which somebody's reset has deleted. From then on it is {@code attaching}, so nobody else can take it; that it is
 * in use is for the reset to {@code in-use} to prove and write, which follows.
 */
final class AttachmentRestoration implements Remedy {
    static final String ADOPT = "adopt attachment";
    private static final String ATTACHING = "attaching";

    private final Database database;
    private final VolumeTable volumes;
    private final AttachmentTable attachments;
    private final BlockDevices devices;
    private final StillThere rows;
    private final InstantSource clock;

    @Inject
    AttachmentRestoration(
            Database database, VolumeTable volumes, AttachmentTable attachments, BlockDevices devices, StillThere rows,
            InstantSource clock) {
        this.database = database;
        this.volumes = volumes;
        this.attachments = attachments;
        this.devices = devices;
        this.rows = rows;
        this.clock = clock;
    }

    @Override
    public Prescription prescribe(RequestContext context, VolumeDiagnosis seen) {
        Volume volume = seen.volume();
        List<BlockDevice> mappings = devices.live(volume);
        if (mappings.size() != 1) {
            return new Prescription.ByHand(mappings.size() + " mappings name the volume, not one");
        }
        BlockDevice device = mappings.getFirst();
        Instance instance = devices.instance(context, device.instanceUuid());
        Optional<Attachment> former = device.attachmentId()
                .flatMap(id -> database.cinder().transaction(tx -> attachments.findEvenDeleted(tx, id)))
                .filter(Attachment::deleted)
                .filter(one -> one.volumeId().equals(volume.id()))
                .filter(one -> one.instanceUuid().equals(Optional.of(instance.uuid())))
                .filter(one -> instance.host().isPresent() && CinderObjects.host(one).equals(instance.host()));
        if (former.isEmpty()) {
            return new Prescription.ByHand("Its mapping names no deleted attachment of that server on the host where it"
                    + " is, so there is none to give back");
        }
        return new Prescription.Do(new RemedyOrder(
                Repair.RESTORE_ATTACHMENT, false, volume.guard(), Optional.of(RemedyOrder.Mapping.of(device)),
                Optional.empty(), former.map(Attachment::id)));
    }

    @Override
    public List<String> texts(RemedyOrder order) {
        return List.of(
                ADOPT + " " + order.attachmentId().orElseThrow() + " of instance "
                        + order.mapping().orElseThrow().instanceUuid() + " (api-node)",
                "reset_status in-use (volume manager)");
    }

    @Override
    public Inverse inverse(RemedyOrder order) {
        return new Inverse.None("what it gives back was there before; taking it away would break it again");
    }

    @Override
    public void guard(RequestContext context, RemedyOrder order) {
        rows.volume(context, order.volume());
        RemedyOrder.Mapping mapping = order.mapping().orElseThrow();
        rows.idle(context, mapping);
        if (rows.mapping(mapping).isEmpty()) {
            throw changed();
        }
    }

    @Override
    public List<Step> steps(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline) {
        String id = order.attachmentId().orElseThrow();
        return List.of(Step.of(ADOPT, () -> isAdopted(id), () -> adopt(order, id))
                .guardedBy(() -> guard(context, order)));
    }

    private boolean isAdopted(String id) {
        return database.cinder().transaction(tx -> attachments.find(tx, id)).isPresent();
    }

    private void adopt(RemedyOrder order, String id) {
        database.cinder().run(tx -> {
            var taken = new StateChange(Optional.of(ATTACHING), Optional.of(ATTACHING), Optional.empty());
            if (!volumes.change(tx, order.volume(), taken)
                    || !attachments.undelete(tx, id, order.volume().id(), clock.instant())) {
                throw changed();
            }
        });
    }

    private static ServiceException.Conflict changed() {
        return new ServiceException.Conflict(
                ErrorCode.CHANGED_MEANWHILE,
                "The volume, its attachment or its mapping was changed by somebody else meanwhile.");
    }
}
