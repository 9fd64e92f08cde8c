package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Wait;
import dev.reseat.contract.volume.ResetStatus;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a reset should set; at least one of the three. Values are lower case and known.
 *
 * @param migrationStatus {@code none} stands for no migration
 * @param reason why, needed with any force
 * @param waiting who waits for it; somebody does where an entry of the journal does not say
 */
public record StateRequest(
        Optional<String> status,
        Optional<String> attachStatus,
        Optional<String> migrationStatus,
        Set<Force> force,
        Optional<String> reason,
        Wait waiting) {
    /** Words of an attach_status, in the order in which Cinder's messages list them. */
    public static final List<String> ATTACH_STATUSES = List.of("attached", "detached");
    /** Words of a migration_status, likewise. */
    public static final List<String> MIGRATION_STATUSES =
            List.of("migrating", "error", "success", "completing", "none", "starting");

    public StateRequest {
        force = Set.copyOf(force);
        waiting = waiting == null ? Wait.FOR_ANSWER : waiting;
        if (!force.isEmpty() && reason.filter(text -> !text.isBlank()).isEmpty()) {
            throw new ServiceException.Invalid("force needs a reason, which is recorded");
        }
        if (status.isEmpty() && attachStatus.isEmpty() && migrationStatus.isEmpty()) {
            throw new ServiceException.Invalid(
                    "Must specify 'status', 'attach_status' or 'migration_status' for update.");
        }
    }

    /** Somebody waits for it. */
    public StateRequest(
            Optional<String> status, Optional<String> attachStatus, Optional<String> migrationStatus,
            Set<Force> force, Optional<String> reason) {
        this(status, attachStatus, migrationStatus, force, reason, Wait.FOR_ANSWER);
    }

    /**
     * Of words that a client has sent, in whatever case.
     *
     * @throws ServiceException.Invalid if one of them is none that a reset knows
     */
    public static StateRequest of(
            Optional<String> status, Optional<String> attachStatus, Optional<String> migrationStatus,
            List<String> force, Optional<String> reason) {
        Set<Force> grades = new LinkedHashSet<>();
        force.forEach(name -> grades.add(Force.parse(name)
                .orElseThrow(() -> new ServiceException.Invalid("Force: " + name + " is invalid."))));
        return new StateRequest(
                known("Volume status", status, ResetStatus.STATUSES),
                known("Volume attach status", attachStatus, ATTACH_STATUSES),
                known("Volume migration status", migrationStatus, MIGRATION_STATUSES), grades, reason);
    }

    private static Optional<String> known(String what, Optional<String> word, List<String> words) {
        return word.map(name -> {
            String known = name.toLowerCase(Locale.ROOT);
            if (!words.contains(known)) {
                throw new ServiceException.Invalid(what + ": " + name + " is invalid.");
            }
            return known;
        });
    }

    /** The same reset, with somebody else or nobody to wait for it. */
    public StateRequest waiting(Wait who) {
        return new StateRequest(status, attachStatus, migrationStatus, force, reason, who);
    }
}
