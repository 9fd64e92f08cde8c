package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a reset may do at all, before anybody is asked: the preconditions of Cinder's specification "Reset Volume State
 * with Driver Involved", and of {@code os-reset_status} today.
 */
final class ResetRules {
    /** States that only a running job may set, and what to do instead. */
    private static final Map<String, String> NEVER = Map.of(
            "deleting", "to delete the volume, run openstack volume delete --force",
            "detaching", "to detach the volume, run openstack server remove volume;"
                    + " after a detach that broke off, reset to available or in-use");
    /** The states of an attachment that its host has never used, whatever its connector says. */
    private static final Set<String> NEVER_CONNECTED = Set.of("reserved", "error_attaching");
    private static final Set<String> MIGRATION_OVER = Set.of("success", "error", "none");
    /** What nobody may reset a volume to, or what only somebody's running work means. */
    private static final Set<String> NO_WAY_BACK =
            Set.of("deleting", "detaching", "attaching", "reserved", "creating", "downloading", "uploading");

    private ResetRules() {}

    /** @throws ServiceException.Invalid or {@link ServiceException.Conflict} naming the precondition that fails */
    static void check(Volume volume, StateRequest request) {
        request.status().filter(NEVER::containsKey).ifPresent(status -> {
            throw new ServiceException.Invalid("Cannot reset-state to " + status + ": " + NEVER.get(status) + ".");
        });
        if (request.status().equals(Optional.of("error_deleting"))
                && request.reason().filter(text -> !text.isBlank()).isEmpty()) {
            throw new ServiceException.Invalid(
                    "Cannot reset-state to error_deleting without a reason, which is recorded.");
        }
        boolean attached = !volume.attachments().isEmpty();
        if (request.status().equals(Optional.of("in-use")) && (!attached || detaches(request))) {
            throw new ServiceException.Invalid(
                    "Cannot reset-state to in-use because volume does not have any attachments.");
        }
        completable(volume, request).stream()
                .filter(attachment -> NEVER_CONNECTED.contains(attachment.status()))
                .findFirst()
                .ifPresent(attachment -> {
                    throw new ServiceException.Conflict(
                            ErrorCode.ATTACHMENT_STATE, "Attachment " + attachment.id() + " is " + attachment.status()
                                    + ": its host has never connected the volume, so it is not in use there.",
                            "openstack volume attachment delete " + attachment.id());
                });
        if (request.attachStatus().equals(Optional.of("attached")) && !attached) {
            throw new ServiceException.Invalid(
                    "Cannot reset attach_status to attached because volume does not have any attachments.");
        }
        if (shape(volume, request).isPresent() && migrates(volume) && request.migrationStatus().isEmpty()) {
            throw new ServiceException.Conflict(
                    ErrorCode.MIGRATION_UNDER_WAY,
                    "Volume " + volume.id() + " has migration_status '" + volume.migrationStatus().orElse("")
                            + "': a migration may still be copying its data.",
                    "reseat volume reset-state --reset-migration-status --state ... once the migration is known to be "
                            + "over");
        }
    }

    /** The status whose shape the backend must be brought into first; empty when the driver is not concerned. */
    static Optional<String> shape(Volume volume, StateRequest request) {
        return shape(volume.guard(), request);
    }

    private static Optional<String> shape(Volume.Guard volume, StateRequest request) {
        boolean detached = volume.attachmentIds().isEmpty() && volume.attachStatus().equals(Optional.of("detached"));
        if (request.status().equals(Optional.of("available")) || (detaches(request) && !detached)) {
            return Optional.of("available");
        }
        return request.status().filter("in-use"::equals);
    }

    /** Whether the reset takes every attachment away. */
    static boolean detaches(StateRequest request) {
        return request.status().equals(Optional.of("available"))
                || request.attachStatus().equals(Optional.of("detached"));
    }

    /** How the reset of a volume that was like this is taken back: exactly only where the status alone was changed. */
    static Inverse inverse(Volume.Guard before, StateRequest request) {
        Optional<String> shape = shape(before, request);
        if (shape.equals(Optional.of("available"))) {
            return new Inverse.None("a connection that was taken down, and an attachment that was deleted, do not come"
                    + " back as they were");
        }
        if (shape.isPresent()) {
            return new Inverse.None("what the backend has put back, and attachments that were completed, stay so");
        }
        if (request.status().isEmpty() || request.attachStatus().isPresent() || request.migrationStatus().isPresent()) {
            return new Inverse.None("more than the status is set");
        }
        if (NO_WAY_BACK.contains(before.status())) {
            return new Inverse.None(before.status() + " is set only by whoever works on the volume");
        }
        var left = new Volume.Guard(
                before.id(), request.status().get(), before.attachStatus(), before.migrationStatus(),
                before.attachmentIds());
        return new Inverse.Status(left, before.status());
    }

    /** Attachments that only the last step of attaching is missing for, or the first of a detach is to be undone. */
    static List<Attachment> completable(Volume volume, StateRequest request) {
        return request.status().equals(Optional.of("in-use"))
                ? volume.attachments().stream().filter(attachment -> attachment.connector().isPresent()).toList()
                : List.of();
    }

    private static boolean migrates(Volume volume) {
        return volume.migrationStatus().filter(status -> !MIGRATION_OVER.contains(status)).isPresent();
    }
}
