package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.AttachmentFilter;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Volume attachments, as Cinder's API service keeps them ({@code cinder.volume.api}, microversion 3.27 and 3.44). */
public final class Attachments {
    private static final Set<String> RESERVABLE = Set.of("available", "downloading");
    private static final Set<String> RESERVABLE_MULTIATTACH = Set.of("available", "in-use", "downloading");

    private final Database database;
    private final Volumes volumes;
    private final VolumeTable volumeTable;
    private final AttachmentTable table;
    private final VolumeClient backend;
    private final DetachGuard guard;
    private final InstantSource clock;

    @Inject
    public Attachments(
            Database database,
            Volumes volumes,
            VolumeTable volumeTable,
            AttachmentTable table,
            VolumeClient backend,
            DetachGuard guard,
            InstantSource clock) {
        this.database = database;
        this.volumes = volumes;
        this.volumeTable = volumeTable;
        this.table = table;
        this.backend = backend;
        this.guard = guard;
        this.clock = clock;
    }

    /**
     * Reserves the volume for an instance, and connects at once if a connector is given. A refusal, also the backend's,
     * leaves the volume as it was; only {@link ServiceException.Unknown} leaves the attachment, for the backend may
     * have exported it.
     *
     * @param mode {@code rw} or {@code ro}; a read-only volume's is {@code ro} in any case
     */
    public Attachment create(RequestContext context, String volumeId, Optional<String> instanceUuid,
            Optional<Map<String, Object>> connector, Optional<String> mode) {
        String id = UUID.randomUUID().toString();
        connector.ifPresent(ConnectorRules::check);
        if (connector.isEmpty()) {
            reserve(context, id, volumeId, instanceUuid, mode);
            return show(context, id);
        }
        reserveAs(context, id, volumeId, instanceUuid, Optional.empty());
        return connectReserved(context, id, connector.get(), mode.orElse(Attachment.NO_MODE));
    }

    /** As in Cinder the row has no mode while the backend is asked, so that the connector is told none. */
    private Attachment connectReserved(
            RequestContext context, String id, Map<String, Object> connector, String mode) {
        try {
            Attachment made = update(context, id, connector);
            String allowed = mode(volumes.show(context, made.volumeId()), mode);
            database.cinder().run(tx -> table.storeMode(tx, id, allowed, clock.instant()));
            return made.withMode(allowed);
        } catch (ServiceException.Unknown mayBeExported) {
            throw mayBeExported;
        } catch (ServiceException refused) {
            find(id).filter(attachment -> attachment.connector().isEmpty())
                    .ifPresent(blank -> database.cinder()
                            .run(tx -> finishDetach(tx, blank.volumeId(), Optional.of(id))));
            throw refused;
        }
    }

    /** A blank attachment under an id the caller has chosen, and so can find again after a crash. Repeatable. */
    void reserve(RequestContext context, String id, String volumeId, Optional<String> instanceUuid,
            Optional<String> mode) {
        reserveAs(context, id, volumeId, instanceUuid, Optional.of(mode.orElse(Attachment.NO_MODE)));
    }

    /** Whether a cinder-api makes attachments of this volume now. */
    boolean areMadeByCinderApi(RequestContext context, String volumeId, Deadline deadline) {
        Volume volume = volumes.show(context, volumeId);
        return RemoteCall.backendOf(volume).query(() -> backend.attachesByCinderApi(volume, deadline));
    }

    /** As {@link #reserve}, by a cinder-api, which gives each an id of its own, returned. Not repeatable. */
    String make(RequestContext context, String volumeId, String instanceUuid, Deadline deadline) {
        Volume volume = volumes.show(context, volumeId);
        return RemoteCall.backendOf(volume)
                .ask(() -> backend.createAttachment(context, volume, instanceUuid, deadline));
    }

    /** The one that {@link #make} has made, if its answer was not heard; empty also where that cannot be said. */
    Optional<String> madeUnheard(String volumeId, String instanceUuid, Collection<String> before) {
        List<String> blank = database.cinder()
                .transaction(tx -> table.ofVolume(tx, volumeId))
                .stream()
                .filter(attachment -> attachment.instanceUuid().equals(Optional.of(instanceUuid)))
                .filter(attachment -> attachment.connector().isEmpty() && attachment.status().equals("reserved"))
                .map(Attachment::id)
                .filter(id -> !before.contains(id))
                .toList();
        return blank.size() == 1 ? Optional.of(blank.getFirst()) : Optional.empty();
    }

    private void reserveAs(RequestContext context, String id, String volumeId, Optional<String> instanceUuid,
            Optional<String> storedMode) {
        volumes.show(context, volumeId); // the caller may see it
        database.cinder().run(tx -> {
            Volume volume = volumeTable.findLocked(tx, volumeId).orElseThrow(() -> Volumes.notFound(volumeId));
            if (volume.attachments().stream().anyMatch(attachment -> attachment.id().equals(id))) {
                return;
            }
            if (volume.status().contains("error")) {
                throw new ServiceException.Invalid(
                        "Invalid volume: Volume attachments can not be created if the volume is in an error state. The"
                                + " Volume " + volumeId + " currently has a status of: " + volume.status() + " ");
            }
            takeForReserve(tx, volume, instanceUuid);
            table.insertReserved(
                    tx, id, volumeId, instanceUuid, storedMode.map(mode -> mode(volume, mode)), clock.instant());
        });
    }

    /**
     * A volume that is marked as read-only is attached as such, whatever was asked for. Cinder takes any value of the
     * mark for a yes, also the {@code False} that its older releases wrote at each attach; that is not followed.
     */
    private static String mode(Volume volume, String asked) {
        return "True".equals(volume.adminMetadata().get("readonly")) ? "ro" : asked;
    }

    /** An instance that has the volume may reserve it again: that is how Nova moves and refreshes attachments. */
    private void takeForReserve(Transaction tx, Volume volume, Optional<String> instanceUuid) {
        Set<String> from = volume.multiattach() ? RESERVABLE_MULTIATTACH : RESERVABLE;
        if (volumeTable.casStatus(tx, volume.id(), from, "reserved")) {
            return;
        }
        boolean same = instanceUuid.isPresent()
                && volume.attachments()
                        .stream()
                        .anyMatch(attachment -> attachment.instanceUuid().equals(instanceUuid));
        if (!same) {
            throw new ServiceException.Invalid(
                    "Invalid volume: Volume " + volume.id() + " status must be available or downloading to reserve, "
                            + "but the current status is " + volume.status() + ".");
        }
    }

    /**
     * Exports the volume to the connector's host; the attachment is {@code attaching} afterwards. Repeatable.
     *
     * @return what Cinder answers: the attachment as it was before this, with the new connection_info
     * @throws ServiceException.Conflict if it is connected to another connector: an export is never redirected
     */
    public Attachment update(RequestContext context, String id, Map<String, Object> connector) {
        return update(context, id, connector, backend.working());
    }

    /** The same by a deadline. */
    Attachment update(RequestContext context, String id, Map<String, Object> connector, Deadline deadline) {
        Attachment before = show(context, id);
        connect(context, id, connector, deadline);
        return before.with(show(context, id).connectionInfo());
    }

    /** As {@link #update}. @return who has exported it */
    Performer connect(RequestContext context, String id, Map<String, Object> connector, Deadline deadline) {
        Attachment attachment = show(context, id);
        Volume volume = volumes.show(context, attachment.volumeId());
        ConnectorRules.check(connector);
        if (volume.status().contains("error")) {
            throw new ServiceException.Invalid(
                    "Invalid volume: Volume " + volume.id() + " status is " + volume.status() + ".");
        }
        boolean connectedElsewhere = volume.attachments()
                .stream()
                .anyMatch(other -> !other.id().equals(id) && other.connector().isPresent());
        if (connectedElsewhere && !volume.multiattach()) {
            throw new ServiceException.Conflict(ErrorCode.ATTACHMENT_STATE,
                    "duplicate connectors detected on volume " + volume.id());
        }
        ConnectorRules.checkSame(attachment, connector);
        return export(context, volume, attachment, connector, deadline);
    }

    /** Exports the volume again to the host that an attachment names already. Repeatable. */
    void exportAgain(RequestContext context, Attachment attachment, Deadline deadline) {
        Volume volume = volumes.show(context, attachment.volumeId());
        RemoteCall.backendOf(volume)
                .ask(() -> CinderObjects.connector(attachment))
                .ifPresent(connector -> export(context, volume, attachment, connector, deadline));
    }

    private Performer export(
            RequestContext context, Volume volume, Attachment attachment, Map<String, Object> connector,
            Deadline deadline) {
        var done = RemoteCall.backendOf(volume)
                .ask(() -> backend.attachmentUpdate(context, volume, connector, attachment.id(), deadline));
        storeConnectionInfo(attachment, done.answer());
        return done.performer();
    }

    /**
     * Cinder's volume service answers connection_info and leaves it to its caller to store it; ours has had it stored
     * by now. The row has it afterwards, unless somebody else wrote another one or deleted the attachment meanwhile.
     *
     * @param before as it was when the backend was asked
     */
    private void storeConnectionInfo(Attachment before, Map<String, Object> answered) {
        if (answered.isEmpty()) {
            throw new ServiceException.Failed(
                    "The volume service has answered no connection_info for attachment " + before.id() + ".", null,
                    null);
        }
        String text = JsonText.of(answered);
        database.cinder().run(tx -> {
            if (table.storeConnectionInfo(tx, before.id(), before.connectionInfo(), text, clock.instant())) {
                return;
            }
            boolean same = table.find(tx, before.id())
                    .flatMap(Attachment::connectionInfo)
                    .map(stored -> isSame(stored, text))
                    .orElse(false);
            if (!same) {
                throw new ServiceException.Conflict(ErrorCode.CHANGED_MEANWHILE, "Attachment " + before.id()
                        + " was changed by somebody else while the volume service was asked for its connection.");
            }
        });
    }

    private static boolean isSame(String stored, String answered) {
        try {
            return JsonText.map(stored).equals(JsonText.map(answered));
        } catch (IllegalArgumentException damaged) {
            return false;
        }
    }

    /** As {@link #complete}, for a flow. @return whether a cinder-api has done it */
    boolean complete(RequestContext context, String id, Deadline deadline) {
        Volume volume = volumes.show(context, show(context, id).volumeId());
        boolean done = RemoteCall.backendOf(volume)
                .ask(() -> backend.completeAttachment(context, volume, id, deadline));
        if (!done) {
            complete(context, id);
        }
        return done;
    }

    /** The host is connected: attachment {@code attached}, volume {@code in-use}. Repeatable. */
    public void complete(RequestContext context, String id) {
        show(context, id); // the caller may see it
        database.cinder().run(tx -> {
            Attachment attachment = table.find(tx, id).orElseThrow(() -> notFound(id));
            if (attachment.connector().isEmpty()) {
                throw new ServiceException.Invalid(
                        "Invalid volume: attachment " + id + " has no connector, so there is nothing to complete");
            }
            if (!table.complete(tx, id, clock.instant())) {
                throw new ServiceException.Conflict(
                        ErrorCode.ATTACHMENT_STATE, "Attachment " + id + " is " + attachment.status()
                                + "; only one that is attaching can be completed.");
            }
            volumeTable.casStatus(
                    tx,
                    attachment.volumeId(),
                    Set.of("reserved", "attaching", "available", "in-use"),
                    "in-use",
                    "attached");
        });
    }

    /**
     * Takes the connection down and deletes the attachment.
     *
     * @return what remains of the volume's attachments
     * @throws ServiceException.Conflict if a server counts on it, and no service asks
     */
    public List<Attachment> delete(RequestContext context, String id) {
        Attachment attachment = show(context, id);
        guard.check(context, attachment);
        remove(context, attachment, backend.working());
        return database.cinder().transaction(tx -> table.ofVolume(tx, attachment.volumeId()));
    }

    /**
     * As {@link #delete}, for a flow that has made sure that nothing uses the attachment.
     *
     * @return who has taken the connection down; empty if there was none, unless a cinder-api deletes attachments
     */
    Optional<Performer> remove(RequestContext context, Attachment attachment, Deadline deadline) {
        Volume volume = volumes.show(context, attachment.volumeId());
        Optional<Performer> performer = RemoteCall.backendOf(volume)
                .ask(() -> attachment.connector().isPresent() || backend.attachesByCinderApi(volume, deadline)
                        ? Optional.of(backend.removeAttachment(context, volume, attachment.id(), deadline))
                        : Optional.empty());
        database.cinder().run(tx -> {
            finishDetach(tx, volume.id(), Optional.of(attachment.id()));
            table.touch(tx, attachment.id(), clock.instant());
            volumeTable.touch(tx, volume.id());
        });
        return performer;
    }

    /**
     * The attachment is gone from host and backend: the rows follow. Repeatable.
     *
     * @throws ServiceException.Invalid if the attachment is another volume's; nothing was changed
     */
    public void finishDetach(Transaction tx, String volumeId, Optional<String> attachmentId) {
        Instant now = clock.instant();
        if (attachmentId.flatMap(id -> table.findEvenDeleted(tx, id))
                .filter(attachment -> !attachment.volumeId().equals(volumeId))
                .isPresent()) {
            throw new ServiceException.Invalid("Invalid input received: Mismatched volume and attachment");
        }
        attachmentId.ifPresent(id -> table.softDelete(tx, id, now));
        volumeTable.deriveStatus(tx, volumeId);
        if (table.ofVolume(tx, volumeId).isEmpty()) {
            volumeTable.removeAdminMetadata(tx, volumeId, "attached_mode");
        }
    }

    public Attachment show(RequestContext context, String id) {
        return find(id)
                .filter(attachment -> context.isAdmin() || ownedBy(context, attachment))
                .orElseThrow(() -> notFound(id));
    }

    public List<Attachment> list(AttachmentFilter filter) {
        return database.cinder().transaction(tx -> table.list(tx, filter));
    }

    Optional<Attachment> find(String id) {
        return database.cinder().transaction(tx -> table.find(tx, id));
    }

    /** The one that was deleted last. */
    Optional<Attachment> lastDeleted(String volumeId) {
        return database.cinder().transaction(tx -> table.lastDeleted(tx, volumeId));
    }

    /** A live one, or one that was. @throws ServiceException.NotFound if its row is gone */
    Attachment findEvenDeleted(String id) {
        return database.cinder().transaction(tx -> table.findEvenDeleted(tx, id)).orElseThrow(() -> notFound(id));
    }

    private static ServiceException.NotFound notFound(String id) {
        return new ServiceException.NotFound(
                ErrorCode.ATTACHMENT_NOT_FOUND,
                "Volume attachment could not be found with filter: attachment_id = " + id + ".");
    }

    private boolean ownedBy(RequestContext context, Attachment attachment) {
        return database.cinder()
                .transaction(tx -> volumeTable.find(tx, attachment.volumeId()))
                .flatMap(Volume::projectId)
                .equals(context.projectId());
    }
}
