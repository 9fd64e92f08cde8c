package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.api.object.StoredObject;
import dev.reseat.rpc.RequestContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the rows say now of how far a refresh got. Each method reads them again. */
final class RefreshRows {
    private final RequestContext context;
    private final RefreshPlan plan;
    private final BlockDevices blockDevices;
    private final Attachments attachments;
    private final Volumes volumes;

    RefreshRows(
            RequestContext context,
            RefreshPlan plan,
            BlockDevices blockDevices,
            Attachments attachments,
            Volumes volumes) {
        this.context = context;
        this.plan = plan;
        this.blockDevices = blockDevices;
        this.attachments = attachments;
        this.volumes = volumes;
    }

    /** Whether the old attachments are all there. */
    boolean keepsOld() {
        return oldAttachments().size() == plan.oldAttachments().size();
    }

    Optional<Map<String, Object>> oldConnector(String host) {
        return oldAttachments().stream()
                .flatMap(attachment -> attachment.connector().stream())
                .flatMap(text -> StoredObject.of(text).intact().stream())
                .filter(old -> host.equals(old.get("host")))
                .findFirst();
    }

    /** Whether the instance still is as this refresh needs it; asked before anything is taken away. */
    void requireStopped() {
        RefreshRules.checkStill(instance(), plan.host());
    }

    boolean isStopped() {
        return RefreshRules.isStopped(instance());
    }

    boolean saved() {
        return mapping()
                .filter(device -> device.attachmentId().equals(Optional.of(plan.newAttachmentId())))
                .flatMap(BlockDevice::connectionInfo)
                .isPresent();
    }

    boolean connected() {
        return fresh().flatMap(StoredConnectionInfo::nested).isPresent();
    }

    boolean completed() {
        return fresh().filter(attachment -> attachment.status().equals("attached")).isPresent();
    }

    Optional<Attachment> fresh() {
        return attachments.find(plan.newAttachmentId());
    }

    List<Attachment> oldAttachments() {
        return plan.oldAttachments()
                .stream()
                .map(attachments::find)
                .flatMap(Optional::stream)
                .filter(attachment -> attachment.volumeId().equals(plan.volumeId()))
                .toList();
    }

    Volume volume() {
        return volumes.show(context, plan.volumeId());
    }

    Instance instance() {
        return blockDevices.instance(context, plan.instanceUuid());
    }

    BlockDevice device() {
        return blockDevices.show(context, plan.bdmUuid());
    }

    /** Empty once the mapping, or its instance, was deleted. */
    Optional<BlockDevice> mapping() {
        try {
            return Optional.of(device());
        } catch (ServiceException.NotFound deleted) {
            return Optional.empty();
        }
    }
}
