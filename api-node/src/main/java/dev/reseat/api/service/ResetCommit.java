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

    /** @return whether it was done; false if somebody else has changed the volume since it was read */
    boolean commit(RequestContext context, Journal.Entry entry, Volume.Guard guard, StateRequest request,
            String outcome) {
        return database.cinder().transaction(tx -> {
            Optional<Volume> before = volumes.find(tx, guard.id());
            if (before.isEmpty() || !volumes.change(tx, guard, change(before.get(), request))) {
                return false;
            }
            settleAttachments(tx, before.get(), request);
            volumes.removeWorker(tx, guard.id());
            entry.settle(tx, JournalEntry.State.DONE, outcome);
            outbox.volumeReset(tx, context, before.get(), volumes.find(tx, guard.id()).orElseThrow());
            return true;
        });
    }

    private void settleAttachments(Transaction tx, Volume volume, StateRequest request) {
        Instant now = clock.instant();
        if (ResetRules.detaches(request)) {
            for (Attachment attachment : volume.attachments()) {
                attachments.softDelete(tx, attachment.id(), now);
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
