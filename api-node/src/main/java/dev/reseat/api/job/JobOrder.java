package dev.reseat.api.job;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobLimits;
import dev.reseat.api.model.JobSelector;
import dev.reseat.api.service.StateRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job as clients ask for it, over REST and over RPC. A key that is not known is refused: a misspelt limit must not
 * become none.
 *
 * @param reset what to reset to; exactly one of this, {@code refresh} and {@code repair}
 * @param stopStart whether running instances are stopped and started: {@code never} or {@code if-running}
 * @param notBefore ISO 8601 with zone
 */
record JobOrder(
        Optional<Select> select,
        Optional<Reset> reset,
        Optional<Map<String, Object>> refresh,
        Optional<Map<String, Object>> repair,
        Optional<Limits> limits,
        Optional<String> stopStart,
        Optional<String> notBefore,
        Optional<String> reason,
        Optional<Boolean> apply) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The components are those of {@link JobSelector}. */
    record Select(
            Optional<List<String>> state,
            Optional<List<String>> host,
            Optional<List<String>> backend,
            Optional<List<String>> project,
            Optional<Long> olderThan,
            Optional<List<String>> ids,
            Optional<List<String>> address,
            Optional<List<String>> pattern) {
        JobSelector selector() {
            return new JobSelector(
                    set(state), set(host), set(backend), set(project), olderThan, set(ids), set(address),
                    set(pattern));
        }

        private static Set<String> set(Optional<List<String>> values) {
            Set<String> set = new LinkedHashSet<>(values.orElse(List.of()));
            if (values.isPresent()
                    && (set.isEmpty() || set.stream().anyMatch(value -> value == null || value.isBlank()))) {
                throw new ServiceException.Invalid("A condition of the selector is empty: it selects nothing.");
            }
            return set;
        }
    }

    /** As {@code POST /reseat/v1/volumes/ID/reset} takes it. */
    record Reset(
            Optional<String> status,
            Optional<String> attachStatus,
            Optional<String> migrationStatus,
            Optional<List<String>> force) {
        StateRequest request(Optional<String> reason) {
            return StateRequest.of(status, attachStatus, migrationStatus, force.orElse(List.of()), reason);
        }
    }

    /** Those of {@link JobLimits}, and of {@link JobRequest}. */
    record Limits(
            Optional<Integer> limit,
            Optional<Double> maxShare,
            Optional<Integer> stopAfterFailures,
            Optional<Integer> perHost,
            Optional<Integer> perBackend,
            Optional<Integer> canary,
            Optional<Integer> wave) {
        static final Limits NONE = new Limits(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty());

        JobLimits limits() {
            JobLimits other = JobLimits.DEFAULT;
            return new JobLimits(
                    stopAfterFailures.orElse(other.stopAfterFailures()), perHost.orElse(other.perHost()),
                    perBackend.orElse(other.perBackend()), canary.orElse(other.canary()), wave.orElse(other.wave()));
        }
    }

    /** @throws ServiceException.Invalid naming the first thing that is wrong */
    static JobRequest read(Map<String, Object> body) {
        try {
            return JSON.convertValue(body, JobOrder.class).request();
        } catch (JacksonException e) {
            throw new ServiceException.Invalid("The job cannot be read" + where(e) + ".");
        } catch (IllegalArgumentException e) {
            throw new ServiceException.Invalid("The job makes no sense: " + e.getMessage() + ".");
        }
    }

    private JobRequest request() {
        long actions = Stream.of(reset, refresh, repair).filter(Optional::isPresent).count();
        if (actions != 1) {
            throw new ServiceException.Invalid("Say one of reset, refresh and repair.");
        }
        Limits most = limits.orElse(Limits.NONE);
        if (most.limit().filter(limit -> limit < 1).isPresent()
                || most.maxShare().filter(share -> !(share > 0 && share <= 1)).isPresent()) {
            throw new ServiceException.Invalid("limit must be at least 1, and max_share above 0 and up to 1.");
        }
        return new JobRequest(
                select.map(Select::selector).orElseGet(() -> JobSelector.of(Set.of())),
                action(),
                reset.map(wanted -> wanted.request(reason)),
                most.limits(),
                most.limit().map(OptionalInt::of).orElseGet(OptionalInt::empty),
                most.maxShare().map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                stopStart.map(JobOrder::stopStart).orElse(StopStart.NEVER),
                notBefore.map(JobOrder::time),
                reason,
                apply.orElse(false));
    }

    private Job.Action action() {
        if (reset.isPresent()) {
            return Job.Action.RESET;
        }
        return refresh.isPresent() ? Job.Action.REFRESH : Job.Action.REPAIR;
    }

    private static StopStart stopStart(String word) {
        return StopStart.parse(word)
                .orElseThrow(() -> new ServiceException.Invalid(
                        "stop_start is " + StopStart.words() + ", not " + word + "."));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new ServiceException.Invalid("not_before is no time in ISO 8601 with zone: " + text);
        }
    }

    /** Which key, never its value. */
    private static String where(JacksonException failure) {
        return failure instanceof DatabindException bound && !bound.getPath().isEmpty()
                ? ": " + String.join(".", bound.getPath()
                        .stream()
                        .map(step -> step.getPropertyName() == null ? "[]" : step.getPropertyName())
                        .toList()) + " is not known, or of another type"
                : "";
    }
}
