package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.VolumeTable;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a volume manager has committed about attachments, exactly as Cinder's commits it itself. Every method is
 * repeatable.
 */
public final class AttachmentState {
    private static final Set<String> CONNECTABLE =
            Set.of("available", "reserved", "attaching", "in-use", "detaching", "downloading");

    private final Database database;
    private final VolumeTable volumes;
    private final AttachmentTable table;
    private final Attachments attachments;
    private final InstantSource clock;

    @Inject
    public AttachmentState(
            Database database,
            VolumeTable volumes,
            AttachmentTable table,
            Attachments attachments,
            InstantSource clock) {
        this.database = database;
        this.volumes = volumes;
        this.table = table;
        this.attachments = attachments;
        this.clock = clock;
    }

    /**
     * An export is made: Cinder's {@code volume.update(model_update)}.
     *
     * @param host {@code host@backend}, or {@code cluster@backend}, that has made it
     * @param auth a secret
     * @throws ServiceException.NotFound if there is no such volume on that backend any more
     */
    public void exported(Volume volume, String host, Optional<String> location, Optional<String> auth) {
        boolean stored = database.cinder()
                .transaction(tx -> volumes.putProvider(tx, volume.id(), host, location, auth));
        if (!stored) {
            throw new ServiceException.NotFound("Volume " + volume.id() + " could not be found on " + host + ".");
        }
    }

    /**
     * The host may connect: {@code volume_attached(mark_attached=False)}.
     *
     * @param connectionInfo flat, a secret
     */
    public Attachment connected(
            Attachment attachment,
            Map<String, Object> connector,
            Map<String, Object> connectionInfo,
            Optional<String> mode) {
        Instant now = clock.instant();
        return database.cinder().transaction(tx -> {
            boolean connected = table.connected(
                    tx,
                    attachment.id(),
                    JsonText.of(connector),
                    JsonText.of(connectionInfo),
                    text(connector, "host").orElse(null),
                    text(connector, "mountpoint").orElse("na"),
                    mode.or(attachment::mode),
                    now);
            if (connected) { // a late repetition finds it attached already, or gone
                volumes.casStatus(tx, attachment.volumeId(), CONNECTABLE, "attaching", "attaching");
            }
            return table.find(tx, attachment.id())
                    .orElseThrow(() -> new ServiceException.NotFound(
                            ErrorCode.ATTACHMENT_NOT_FOUND,
                            "Volume attachment could not be found with filter: attachment_id = " + attachment.id()
                                    + "."));
        });
    }

    /**
     * The volume is attached, the old way: finds the attachment of that instance or host, or makes one.
     *
     * @throws ServiceException.NotFound if the volume is gone by now; nothing was changed
     */
    public Attachment attach(
            String volumeId,
            Optional<String> instanceUuid,
            Optional<String> hostName,
            Optional<String> mountpoint,
            Optional<String> mode) {
        Instant now = clock.instant();
        return database.cinder().transaction(tx -> {
            Volume volume = volumes.findLocked(tx, volumeId).orElseThrow(() -> Volumes.notFound(volumeId));
            Optional<Attachment> existing = existing(volume, instanceUuid, hostName);
            if (existing.isEmpty() && volume.status().equals("in-use") && !volume.multiattach()) {
                throw new ServiceException.Invalid(
                        "Invalid volume: volume is already attached and not multiple attachments");
            }
            String id = existing.map(Attachment::id).orElseGet(() -> UUID.randomUUID().toString());
            if (existing.isEmpty()) {
                table.insertReserved(
                        tx, id, volumeId, instanceUuid, Optional.of(mode.orElse(Attachment.NO_MODE)), now);
            }
            table.attached(tx, id, hostName, mountpoint, mode.orElse("rw"), now);
            volumes.casStatus(tx, volumeId, CONNECTABLE, "in-use", "attached");
            volumes.putAdminMetadata(tx, volumeId, "attached_mode", mode.orElse("rw"));
            return table.find(tx, id).orElseThrow();
        });
    }

    private static Optional<Attachment> existing(
            Volume volume, Optional<String> instanceUuid, Optional<String> hostName) {
        return volume.attachments()
                .stream()
                .filter(attachment -> instanceUuid.isPresent()
                        ? attachment.instanceUuid().equals(instanceUuid)
                        : attachment.attachedHost().equals(hostName))
                .findFirst();
    }

    /** The attachment is gone: {@code volume_detached}. Without an id, of the only one there is. */
    public void finishDetach(Volume volume, Optional<String> attachmentId) {
        database.cinder().run(tx -> attachments.finishDetach(tx, volume.id(), attachmentId));
    }

    private static Optional<String> text(Map<String, Object> values, String key) {
        return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
