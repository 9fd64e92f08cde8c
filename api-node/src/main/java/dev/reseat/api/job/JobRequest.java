package dev.reseat.api.job;

import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobLimits;
import dev.reseat.api.model.JobSelector;
import dev.reseat.api.service.StateRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A job that somebody wants.
 *
 * @param reset what a reset sets; for that action only
 * @param limit take no more items than that
 * @param maxShare refuse if more than that share of a backend's volumes is selected, above 0 and up to 1
 * @param stopStart whether running instances are stopped and started; for a refresh only
 * @param notBefore when it may begin
 * @param apply whether it begins as soon as it is planned, without anybody reading the plan
 */
public record JobRequest(
        JobSelector selector,
        Job.Action action,
        Optional<StateRequest> reset,
        JobLimits limits,
        OptionalInt limit,
        OptionalDouble maxShare,
        StopStart stopStart,
        Optional<Instant> notBefore,
        Optional<String> reason,
        boolean apply) {
    public JobRequest {
        if (reset.isPresent() != (action == Job.Action.RESET)) {
            throw new IllegalArgumentException("what to reset to belongs to a reset, and only there");
        }
        if (stopStart != StopStart.NEVER && action != Job.Action.REFRESH) {
            throw new IllegalArgumentException("stop_start goes with refresh alone");
        }
    }
}
