package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.StateChange;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The database part of a reset, in one transaction: the volume's columns if they are still what the decision was made
 * on, its attachments, its worker row, the journal's outcome and the notifications.
 */
final class ResetCommit {
    private final Database database;
    private final VolumeTable volumes;
    private final AttachmentTable attachments;
    private final Outbox outbox;
    private final InstantSource clock;

    @Inject
    ResetCommit(
            Database database,
            VolumeTable volumes,
            AttachmentTable attachments,
            Outbox outbox,
            InstantSource clock) {
        this.database = database;
        this.volumes = volumes;
        this.attachments = attachments;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * @param volume as the decision was made on it
     * @return whether it was done; false if somebody else has changed the volume since it was read
     */
    boolean commit(RequestContext context, Journal.Entry entry, Volume volume, StateRequest request, String outcome) {
        StateChange change = change(volume, request);
        return database.cinder().transaction(tx -> {
            if (!volumes.change(tx, volume.guard(), change)) {
                return false;
            }
            settleAttachments(tx, volume, request);
            volumes.removeWorker(tx, volume.id());
            entry.settle(tx, JournalEntry.State.DONE, outcome);
            outbox.volumeReset(tx, context, volume, after(volume, change, request));
            return true;
        });
    }

    /** What the transaction makes of it; its guard has held. */
    private static Volume after(Volume volume, StateChange change, StateRequest request) {
        List<Attachment> attached = ResetRules.completable(volume, request);
        return volume.reset(
                change.status().orElse(volume.status()),
                change.attachStatus().or(volume::attachStatus),
                change.migrationStatus().or(volume::migrationStatus).filter(status -> !status.equals(StateChange.NONE)),
                ResetRules.detaches(request)
                        ? List.of()
                        : volume.attachments()
                                .stream()
                                .map(one -> attached.contains(one) ? one.withStatus("attached") : one)
                                .toList());
    }

    private void settleAttachments(Transaction tx, Volume volume, StateRequest request) {
        Instant now = clock.instant();
        if (ResetRules.detaches(request)) {
            if (!volume.attachments().isEmpty()) {
                attachments.softDeleteAll(tx, volume.attachments().stream().map(Attachment::id).toList(), now);
            }
            volumes.removeAdminMetadata(tx, volume.id(), "attached_mode");
        }
        for (Attachment attachment : ResetRules.completable(volume, request)) {
            if (!attachments.restore(tx, attachment.id(), now)) {
                throw new ServiceException.Conflict(
                        ErrorCode.ATTACHMENT_STATE, "Attachment " + attachment.id() + " is " + attachment.status()
                                + " now and cannot be completed.",
                        "reseat volume show " + volume.id());
            }
        }
    }

    /**
     * Where attachments go, Cinder derives the status from what is left of them: nothing, whatever was asked for. Where
     * there are none, a status that was not asked for stays.
     */
    private static StateChange change(Volume volume, StateRequest request) {
        if (ResetRules.detaches(request)) {
            Optional<String> status =
                    volume.attachments().isEmpty() ? request.status() : Optional.of("available");
            return new StateChange(status, Optional.of("detached"), request.migrationStatus());
        }
        if (request.status().equals(Optional.of("in-use"))) {
            return new StateChange(request.status(), Optional.of("attached"), request.migrationStatus());
        }
        return new StateChange(request.status(), request.attachStatus(), request.migrationStatus());
    }
}
