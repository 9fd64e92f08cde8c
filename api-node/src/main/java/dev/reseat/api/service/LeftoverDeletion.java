package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.remote.Performer;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes the one attachment that a migration or a parallel detach has left behind: it has a connector, and no mapping
 * leads to it. The backend lets its host go first; what that host shares with another attachment stays.
 */
final class LeftoverDeletion implements Remedy {
    static final String DELETE = "attachment_delete";
    static final String PROOF = "proof";

    private final BlockDevices devices;
    private final Attachments attachments;
    private final StillThere rows;

    @Inject
    LeftoverDeletion(BlockDevices devices, Attachments attachments, StillThere rows) {
        this.devices = devices;
        this.attachments = attachments;
        this.rows = rows;
    }

    @Override
    public Prescription prescribe(RequestContext context, VolumeDiagnosis seen) {
        Volume volume = seen.volume();
        List<BlockDevice> mappings = devices.live(volume);
        List<Attachment> connected =
                volume.attachments().stream().filter(one -> one.connector().isPresent()).toList();
        List<Attachment> left = connected.stream().filter(one -> isLeft(one, connected, mappings)).toList();
        if (left.size() != 1 || left.size() == connected.size()) {
            return new Prescription.ByHand("Of its " + connected.size() + " attachments " + left.size()
                    + " are led to by no mapping, not one");
        }
        Attachment leftover = left.getFirst();
        if (!volume.multiattach() && hosts(context, mappings).contains(CinderObjects.host(leftover))) {
            return new Prescription.ByHand("The server is on the host of attachment " + leftover.id()
                    + ", which its mapping does not name");
        }
        return new Prescription.Do(RemedyOrder.ofAttachment(Repair.DELETE_LEFTOVER, volume, leftover.id()));
    }

    /** A server's own attachment is another one, or it has no mapping; where that cannot be told, it is none. */
    private static boolean isLeft(Attachment one, List<Attachment> connected, List<BlockDevice> mappings) {
        return mappings.stream()
                .filter(device -> one.instanceUuid().equals(Optional.of(device.instanceUuid())))
                .allMatch(device -> connected.stream()
                        .filter(other -> !other.id().equals(one.id()))
                        .anyMatch(other -> device.attachmentId().equals(Optional.of(other.id()))));
    }

    private Set<Optional<String>> hosts(RequestContext context, List<BlockDevice> mappings) {
        return mappings.stream()
                .map(device -> devices.instance(context, device.instanceUuid()).host())
                .collect(Collectors.toSet());
    }

    @Override
    public List<String> texts(RemedyOrder order) {
        return List.of(
                DELETE + " " + order.attachmentId().orElseThrow() + " (volume service)",
                "read its rows again (api-node)");
    }

    @Override
    public Inverse inverse(RemedyOrder order) {
        return new Inverse.None("block storage gives no connection out under the id of an attachment that is deleted");
    }

    @Override
    public List<Step> steps(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline) {
        String id = order.attachmentId().orElseThrow();
        return List.of(
                Step.telling(DELETE, () -> attachments.find(id).isEmpty(), () -> delete(context, id, deadline))
                        .guardedBy(() -> guard(context, order)),
                Step.of(PROOF, () -> false, () -> prove(context, order)));
    }

    /** The rows are as they were decided on, and the server of a mapping is not on its way anywhere. */
    @Override
    public void guard(RequestContext context, RemedyOrder order) {
        rows.volume(context, order.volume());
        devices.live(rows.now(context, order.volume().id()))
                .forEach(device -> rows.idle(context, RemedyOrder.Mapping.of(device)));
    }

    private Map<String, Object> delete(RequestContext context, String id, Deadline deadline) {
        return attachments.remove(context, attachments.show(context, id), deadline)
                .map(Performer::program)
                .<Map<String, Object>>map(program -> Map.of("performer", program))
                .orElse(Map.of());
    }

    private void prove(RequestContext context, RemedyOrder order) {
        Volume now = rows.now(context, order.volume().id());
        List<String> kept = order.volume()
                .attachmentIds()
                .stream()
                .filter(id -> !order.attachmentId().equals(Optional.of(id)))
                .toList();
        if (!now.guard().attachmentIds().equals(kept) || !now.status().equals(order.volume().status())) {
            throw new ServiceException.Failed(
                    ErrorCode.NOT_AS_BEFORE,
                    "Attachment " + order.attachmentId().orElseThrow() + " was deleted, but volume " + now.id() + " is "
                            + now.status() + " with attachments " + now.guard().attachmentIds() + " now, not "
                            + order.volume().status() + " with " + kept + ".",
                    "reseat diagnose " + now.id(), null);
        }
    }
}
