package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Soft-deletes a mapping of Nova's that leads nowhere: the only one of a volume that nobody has, or of two in one
 * server the one that does not lead to the attachment. Never one that a server boots from.
 */
final class MappingDeletion implements Remedy {
    static final String DELETE = "delete mapping";
    static final String RESTORE = "restore mapping";

    private final BlockDevices devices;
    private final MappingWriter writer;
    private final StillThere rows;

    @Inject
    MappingDeletion(BlockDevices devices, MappingWriter writer, StillThere rows) {
        this.devices = devices;
        this.writer = writer;
        this.rows = rows;
    }

    @Override
    public Prescription prescribe(RequestContext context, VolumeDiagnosis seen) {
        Volume volume = seen.volume();
        List<BlockDevice> mappings = devices.live(volume);
        List<BlockDevice> kept = mappings.size() == 1 && volume.attachments().isEmpty()
                ? List.of()
                : mappings.stream().filter(device -> leadsThere(device, mappings, volume)).toList();
        List<BlockDevice> stale = mappings.stream().filter(device -> !kept.contains(device)).toList();
        if (stale.size() != 1 || kept.size() != mappings.size() - 1) {
            return new Prescription.ByHand("Of its " + mappings.size() + " mappings it cannot be told which one leads"
                    + " nowhere");
        }
        BlockDevice device = stale.getFirst();
        if (device.bootIndex().equals(Optional.of(0))) {
            return new Prescription.ByHand("A server boots from mapping " + device.uuid());
        }
        return new Prescription.Do(new RemedyOrder(
                Repair.DELETE_MAPPING, false, volume.guard(), Optional.of(RemedyOrder.Mapping.of(device)),
                kept.stream().map(BlockDevice::uuid).findFirst(), Optional.empty()));
    }

    /** By the attachment it names; where another one names the same, by the device too. */
    private static boolean leadsThere(BlockDevice device, List<BlockDevice> all, Volume volume) {
        Optional<Attachment> named = named(device, volume);
        boolean alone = all.stream().filter(other -> named(other, volume).equals(named)).count() == 1;
        return named.filter(attachment -> alone || attachment.mountpoint().equals(device.deviceName())).isPresent();
    }

    private static Optional<Attachment> named(BlockDevice device, Volume volume) {
        return volume.attachments()
                .stream()
                .filter(attachment -> attachment.connector().isPresent())
                .filter(attachment -> device.attachmentId().equals(Optional.of(attachment.id())))
                .findFirst();
    }

    @Override
    public List<String> texts(RemedyOrder order) {
        RemedyOrder.Mapping mapping = order.mapping().orElseThrow();
        return List.of((order.back() ? RESTORE : DELETE) + " " + mapping.uuid() + " of instance "
                + mapping.instanceUuid() + " (api-node)");
    }

    @Override
    public Inverse inverse(RemedyOrder order) {
        return order.back()
                ? new Inverse.None("it takes an earlier repair back; run that one again")
                : new Inverse.Mapping(order.mapping().orElseThrow().uuid());
    }

    @Override
    public void guard(RequestContext context, RemedyOrder order) {
        RemedyOrder.Mapping mapping = order.mapping().orElseThrow();
        rows.volume(context, order.volume());
        rows.idle(context, mapping);
        List<String> others = devices.live(order.volume().id(), mapping.instanceUuid())
                .stream()
                .map(BlockDevice::uuid)
                .filter(uuid -> !uuid.equals(mapping.uuid()))
                .toList();
        if (!others.equals(order.kept().stream().toList())) {
            throw new ServiceException.Conflict(
                    ErrorCode.CHANGED_MEANWHILE,
                    "Another block device mapping of volume " + order.volume().id() + " in instance "
                            + mapping.instanceUuid() + " was made or deleted by somebody else meanwhile.",
                    "reseat diagnose " + order.volume().id());
        }
    }

    @Override
    public List<Step> steps(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline) {
        RemedyOrder.Mapping mapping = order.mapping().orElseThrow();
        Step step = order.back()
                ? Step.of(RESTORE, () -> rows.mapping(mapping).isPresent(),
                        () -> writer.restore(order.volume().id(), mapping, order.kept()))
                : Step.of(DELETE, () -> rows.mapping(mapping).isEmpty(),
                        () -> writer.delete(order.volume().id(), mapping, order.kept()));
        return List.of(step.guardedBy(() -> guard(context, order)));
    }
}
