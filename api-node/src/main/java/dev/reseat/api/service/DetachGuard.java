package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;

/**
 * Whether somebody may take a connection away that a server may be using. Follows {@code attachment_deletion_allowed}
 * of {@code cinder.volume.api} (CVE-2023-2088): a service may; anybody else only where Nova does not count on it.
 * Unlike upstream, a mapping that names no attachment is no proof that ours is not used, nor is a volume without
 * attachments unused while a server maps it.
 */
public final class DetachGuard {
    private final BlockDevices devices;

    @Inject
    public DetachGuard(BlockDevices devices) {
        this.devices = devices;
    }

    /** @throws ServiceException.Conflict if a server counts on this attachment, and no service asks */
    void check(RequestContext context, Attachment attachment) {
        if (ServiceRole.has(context)
                || attachment.instanceUuid().isEmpty()
                || attachment.connectionInfo().filter(DetachGuard::tellsSomething).isEmpty()) {
            return;
        }
        String server = attachment.instanceUuid().get();
        List<BlockDevice> mappings = devices.live(attachment.volumeId())
                .stream()
                .filter(mapping -> mapping.instanceUuid().equals(server))
                .toList();
        boolean counted = mappings.stream()
                .anyMatch(mapping -> mapping.attachmentId().filter(id -> !id.equals(attachment.id())).isEmpty());
        if (counted) {
            throw inUse(server);
        }
    }

    /** @throws ServiceException.Conflict if a server counts on any connection of the volume, and no service asks */
    void check(RequestContext context, Volume volume) {
        if (ServiceRole.has(context)) {
            return;
        }
        volume.attachments().forEach(attachment -> check(context, attachment));
        if (volume.attachments().isEmpty()) {
            devices.live(volume.id()).stream().findFirst().ifPresent(mapping -> {
                throw inUse(mapping.instanceUuid());
            });
        }
    }

    private static boolean tellsSomething(String connectionInfo) {
        String text = connectionInfo.strip();
        return !text.isEmpty() && !text.equals("null") && !text.matches("\\{\\s*}");
    }

    private static ServiceException.Conflict inUse(String server) {
        return new ServiceException.Conflict(ErrorCode.VOLUME_IN_USE,
                "Detach volume from instance " + server + " using the Compute API");
    }
}
