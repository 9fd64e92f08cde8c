package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Whether somebody may take a connection away that a server may be using. Follows {@code attachment_deletion_allowed}
 * of {@code cinder.volume.api} (CVE-2023-2088): a service may; anybody else only where Nova does not count on it.
 * Unlike upstream, a mapping that names no attachment is no proof that ours is not used, nor is a volume without
 * attachments unused while a server maps it.
 */
public final class DetachGuard {
    private final BlockDevices devices;
    private final ServiceRole services;

    @Inject
    public DetachGuard(BlockDevices devices, ServiceRole services) {
        this.devices = devices;
        this.services = services;
    }

    /** @throws ServiceException.Conflict if a server counts on this attachment, and no service asks */
    void check(RequestContext context, Attachment attachment) {
        if (services.has(context)
                || attachment.instanceUuid().isEmpty()
                || attachment.connectionInfo().filter(DetachGuard::tellsSomething).isEmpty()) {
            return;
        }
        String server = attachment.instanceUuid().get();
        boolean counted = devices.live(attachment.volumeId(), server)
                .stream()
                .anyMatch(mapping -> mapping.attachmentId().filter(id -> !id.equals(attachment.id())).isEmpty());
        if (counted) {
            throw inUse(server);
        }
    }

    /**
     * The same where somebody names no attachment. Which one of several he means nobody can tell: that is refused.
     *
     * @throws ServiceException.Conflict if a server counts on any connection of the volume, and no service asks
     */
    void check(RequestContext context, Volume volume) {
        if (services.has(context)) {
            return;
        }
        volume.attachments().forEach(attachment -> check(context, attachment));
        if (volume.attachments().size() > 1) {
            throw inUse("");
        }
        if (volume.attachments().isEmpty()) {
            devices.live(volume).stream().findFirst().ifPresent(mapping -> {
                throw inUse(mapping.instanceUuid());
            });
        }
    }

    /**
     * The same where somebody names one.
     *
     * @param attachment empty if there is none of that id
     * @throws ServiceException.Invalid if it is another volume's
     */
    void check(RequestContext context, Volume volume, Optional<Attachment> attachment) {
        if (services.has(context)) {
            return;
        }
        Attachment known = attachment.orElseThrow(() -> inUse(""));
        if (!known.volumeId().equals(volume.id())) {
            throw new ServiceException.Invalid("Invalid input received: Mismatched volume and attachment");
        }
        check(context, known);
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
