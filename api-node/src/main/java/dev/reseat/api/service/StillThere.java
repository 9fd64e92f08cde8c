package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.Optional;

/** Reads rows again right before something is done that rests on them. */
final class StillThere {
    private final Volumes volumes;
    private final BlockDevices devices;

    @Inject
    StillThere(Volumes volumes, BlockDevices devices) {
        this.volumes = volumes;
        this.devices = devices;
    }

    /** Empty once it is deleted. */
    Optional<Volume> find(RequestContext context, String volumeId) {
        try {
            return Optional.of(volumes.show(context, volumeId));
        } catch (ServiceException.NotFound deleted) {
            return Optional.empty();
        }
    }

    /** As it is now. */
    Volume now(RequestContext context, String volumeId) {
        return volumes.show(context, volumeId);
    }

    /** @throws ServiceException.Conflict if the volume is not as it was decided on */
    Volume volume(RequestContext context, Volume.Guard seen) {
        Volume volume = volumes.show(context, seen.id());
        if (!volume.guard().equals(seen)) {
            throw new ServiceException.Conflict(
                    ErrorCode.CHANGED_MEANWHILE,
                    "Volume " + seen.id() + " was changed by somebody else meanwhile: it was " + seen.status()
                            + " with "
                            + seen.attachmentIds().size() + " attachments and is " + volume.status() + " with "
                            + volume.attachments().size() + ".",
                    "reseat diagnose " + seen.id());
        }
        return volume;
    }

    /** @throws ServiceException.Conflict if the mapping's server has a task under way, or is gone */
    Instance idle(RequestContext context, RemedyOrder.Mapping mapping) {
        Instance instance = devices.instance(context, mapping.instanceUuid());
        instance.taskState().ifPresent(task -> {
            throw new ServiceException.Conflict(
                    ErrorCode.INSTANCE_STATE,
                    "Instance " + instance.uuid() + " has task_state " + task + " now; wait until it is over.");
        });
        return instance;
    }

    /** Empty once it is deleted. @throws ServiceException.Conflict if it names another attachment than before */
    Optional<BlockDevice> mapping(RemedyOrder.Mapping seen) {
        Optional<BlockDevice> now = devices.find(seen.uuid());
        if (now.filter(device -> !device.attachmentId().equals(seen.attachmentId())).isPresent()) {
            throw new ServiceException.Conflict(
                    ErrorCode.CHANGED_MEANWHILE,
                    "Block device mapping " + seen.uuid() + " was changed by somebody else meanwhile.");
        }
        return now;
    }
}
