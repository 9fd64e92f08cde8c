package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import java.util.Optional;
import java.util.Set;

/**
 * What a reset should set; at least one of the three. Values are lower case and known.
 *
 * @param migrationStatus {@code none} stands for no migration
 * @param reason why, needed with any force
 */
public record StateRequest(
        Optional<String> status,
        Optional<String> attachStatus,
        Optional<String> migrationStatus,
        Set<Force> force,
        Optional<String> reason) {
    public StateRequest {
        force = Set.copyOf(force);
        if (!force.isEmpty() && reason.filter(text -> !text.isBlank()).isEmpty()) {
            throw new ServiceException.Invalid("force needs a reason, which is recorded");
        }
        if (status.isEmpty() && attachStatus.isEmpty() && migrationStatus.isEmpty()) {
            throw new ServiceException.Invalid(
                    "Must specify 'status', 'attach_status' or 'migration_status' for update.");
        }
    }
}
