package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Wait;
import dev.reseat.contract.volume.ResetStatus;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
     * Of words that a client has sent.
     *
     * @throws ServiceException.Invalid if one of them is none that a reset knows
     */
    public static StateRequest of(
            Optional<String> status, Optional<String> attachStatus, Optional<String> migrationStatus,
            List<String> force, Optional<String> reason) {
        known("Volume status", status, ResetStatus.STATUSES);
        known("Volume attach status", attachStatus, Set.of("attached", "detached"));
        known("Volume migration status", migrationStatus, Set.of("none"));
        Set<Force> grades = new LinkedHashSet<>();
        force.forEach(name -> grades.add(Force.parse(name)
                .orElseThrow(() -> new ServiceException.Invalid("Force: " + name + " is invalid."))));
        return new StateRequest(status, attachStatus, migrationStatus, grades, reason);
    }

    private static void known(String what, Optional<String> word, Collection<String> words) {
        word.filter(name -> !words.contains(name)).ifPresent(name -> {
            throw new ServiceException.Invalid(what + ": " + name + " is invalid.");
        });
    }

    /** The same reset, with somebody else or nobody to wait for it. */
    public StateRequest waiting(Wait who) {
        return new StateRequest(status, attachStatus, migrationStatus, force, reason, who);
    }
}
