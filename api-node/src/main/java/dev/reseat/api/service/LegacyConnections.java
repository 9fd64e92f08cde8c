package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.AttachRequest;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.SecretText;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The parts of Cinder's flow from before attachments that compute services still call. */
public final class LegacyConnections {
    /** A migration that is over. */
    private static final Set<String> SETTLED = Set.of("deleting", "error", "success");
    private static final String READ_ONLY = "readonly";
    /** What a volume service says of a request that can never be done as it stands. */
    private static final Set<String> REFUSALS = Set.of(
            "InvalidVolume", "InvalidInput", "InvalidUUID", "InvalidVolumeAttachMode", "VolumeAttachmentNotFound");

    private final Database database;
    private final Volumes volumes;
    private final Attachments attachments;
    private final VolumeTable table;
    private final VolumeClient backend;
    private final DetachGuard guard;

    @Inject
    public LegacyConnections(
            Database database,
            Volumes volumes,
            Attachments attachments,
            VolumeTable table,
            VolumeClient backend,
            DetachGuard guard) {
        this.database = database;
        this.volumes = volumes;
        this.attachments = attachments;
        this.table = table;
        this.backend = backend;
        this.guard = guard;
    }

    /**
     * {@code os-initialize_connection}: exports the volume to a host; changes no row.
     *
     * @return connection_info, a secret
     * @throws ServiceException.Invalid if the volume is in maintenance, or its backend rejects the connector
     */
    public Map<String, Object> initializeConnection(
            RequestContext context, String volumeId, Map<String, Object> connector) {
        Volume volume = volumes.show(context, volumeId);
        if (isMaintained(volume)) {
            throw invalid("The volume connection cannot be initialized in maintenance mode.");
        }
        return asked(volume, () -> backend.initializeConnection(context, volume, connector));
    }

    /**
     * {@code os-terminate_connection}: takes a host's access away, without a connector that of all; the rows change
     * only where the volume was reserved.
     *
     * @throws ServiceException.Conflict if a server counts on a connection of the volume, and no service asks
     */
    public void terminateConnection(
            RequestContext context, String volumeId, Optional<Map<String, Object>> connector) {
        Volume volume = volumes.show(context, volumeId);
        guard.check(context, volume);
        RemoteCall.backendOf(volume).tell(() -> backend.terminateConnection(context, volume, connector));
        unreserve(context, volumeId);
    }

    /**
     * {@code os-attach}: the rows say that the volume is attached.
     *
     * @throws ServiceException.Invalid if it cannot be, or not in that mode
     */
    public void attach(RequestContext context, String volumeId, AttachRequest request) {
        if (isMaintained(volumes.show(context, volumeId))) {
            throw invalid("The volume cannot be attached in maintenance mode.");
        }
        Volume volume = database.cinder().transaction(tx -> {
            Volume locked = locked(tx, volumeId);
            if (!locked.adminMetadata().containsKey(READ_ONLY)) {
                table.putAdminMetadata(tx, volumeId, READ_ONLY, "False");
            }
            return locked(tx, volumeId);
        });
        if ("True".equals(volume.adminMetadata().get(READ_ONLY)) && !request.mode().equals("ro")) {
            throw new ServiceException.Invalid(
                    "Invalid attaching mode '" + request.mode() + "' for volume " + volumeId + ".");
        }
        asked(volume, () -> backend.attachVolume(context, volume, request));
    }

    /**
     * {@code os-detach}: the export is removed, and the rows say that the volume is not attached.
     *
     * @param attachmentId needed where there are several
     * @throws ServiceException.Conflict if a server counts on the attachment, and no service asks
     */
    public void detach(RequestContext context, String volumeId, Optional<String> attachmentId) {
        Volume volume = volumes.show(context, volumeId);
        if (attachmentId.isPresent()) {
            guard.check(context, volume, attachments.find(attachmentId.get()));
        } else {
            guard.check(context, volume);
        }
        if (isMaintained(volume)) {
            throw invalid("The volume cannot be detached in maintenance mode.");
        }
        asked(volume, () -> backend.detachVolume(context, volume, attachmentId));
    }

    /** {@code os-force_detach}: both, one after the other. */
    public void forceDetach(
            RequestContext context, String volumeId, Optional<Map<String, Object>> connector,
            Optional<String> attachmentId) {
        terminateConnection(context, volumeId, connector);
        detach(context, volumeId, attachmentId);
    }

    /** What a volume service refuses is the caller's to mend, and not a failure of that service. */
    private static <T> T asked(Volume volume, Supplier<T> call) {
        return RemoteCall.backendOf(volume).ask(() -> {
            try {
                return call.get();
            } catch (RpcException.RemoteFailure e) {
                if (REFUSALS.contains(e.type())) {
                    throw new ServiceException.Invalid(SecretText.masked(e.failure().message()));
                }
                throw e;
            }
        });
    }

    private static boolean isMaintained(Volume volume) {
        return volume.status().equals("maintenance");
    }

    private static ServiceException.Invalid invalid(String reason) {
        return new ServiceException.Invalid("Invalid volume: " + reason);
    }

    /**
     * {@code os-reserve}: {@code attaching}, for whoever is about to attach it.
     *
     * @throws ServiceException.Invalid if the volume is not available
     */
    public void reserve(RequestContext context, String volumeId) {
        volumes.show(context, volumeId);
        database.cinder().run(tx -> {
            Volume volume = locked(tx, volumeId);
            Set<String> from = volume.multiattach() ? Set.of("available", "in-use") : Set.of("available");
            if (!table.casStatus(tx, volumeId, from, "attaching")) {
                throw new ServiceException.Invalid("Invalid volume: Volume status must be "
                        + (volume.multiattach() ? "available or in-use" : "available")
                        + " to reserve, but the status is " + volume.status() + ".");
            }
        });
    }

    /** {@code os-unreserve}: what is {@code attaching} is as it was before; any other stays. */
    public void unreserve(RequestContext context, String volumeId) {
        volumes.show(context, volumeId);
        database.cinder().run(tx -> {
            boolean used = locked(tx, volumeId).attachments()
                    .stream()
                    .anyMatch(attachment -> attachment.status().equals("attached"));
            table.casStatus(tx, volumeId, Set.of("attaching"), used ? "in-use" : "available");
        });
    }

    /**
     * {@code os-begin_detaching}: {@code detaching}, for whoever is about to detach it; one that is migrated stays.
     *
     * @throws ServiceException.Invalid if the volume is not in use
     */
    public void beginDetaching(RequestContext context, String volumeId) {
        volumes.show(context, volumeId);
        database.cinder().run(tx -> {
            Volume volume = locked(tx, volumeId);
            boolean migrated = volume.migrationStatus().filter(status -> !SETTLED.contains(status)).isPresent();
            boolean attached = volume.attachStatus().filter("attached"::equals).isPresent();
            if (!migrated && !(attached && table.casStatus(tx, volumeId, Set.of("in-use"), "detaching"))) {
                throw new ServiceException.Invalid("Invalid volume: Unable to detach volume. Volume status must be"
                        + " 'in-use' and attach_status must be 'attached' to detach.");
            }
        });
    }

    private Volume locked(Transaction tx, String volumeId) {
        return table.findLocked(tx, volumeId).orElseThrow(() -> Volumes.notFound(volumeId));
    }

    /** {@code os-roll_detaching}: a volume that is {@code detaching} is {@code in-use} again; any other stays. */
    public void rollDetaching(RequestContext context, String volumeId) {
        Volume volume = volumes.show(context, volumeId);
        database.cinder()
                .run(tx -> table.casStatus(tx, volume.id(), Set.of("detaching"), "in-use"));
    }
}
