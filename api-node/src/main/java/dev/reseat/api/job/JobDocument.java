package dev.reseat.api.job;

import dev.reseat.api.model.InstanceStop;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobLimits;
import dev.reseat.api.model.OwedStart;
import dev.reseat.api.object.JsonText;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A job as clients see it, over REST and over RPC. Times in ISO 8601 with zone.
 *
 * @param items how many there are in each state; all states are named
 * @param selected how many items there are
 * @param ended how many of them are over
 * @param instances how many were stopped for it, and how they stand; only states that any is in
 * @param owed some of those that do not run again yet
 * @param perMinute how many end in a minute now; null while nothing ends
 * @param secondsLeft likewise
 */
public record JobDocument(
        String id,
        String action,
        String state,
        Optional<String> why,
        Map<String, Object> select,
        Map<String, Object> request,
        JobLimits limits,
        List<String> notes,
        Optional<String> undoes,
        String requestId,
        String userId,
        Optional<String> reason,
        int selected,
        int ended,
        Map<String, Integer> items,
        Map<String, Integer> instances,
        List<Owed> owed,
        Optional<Double> perMinute,
        Optional<Long> secondsLeft,
        List<Item> lastFailed,
        String createdAt,
        Optional<String> notBefore,
        Optional<String> appliedAt,
        Optional<String> endedAt) {
    /**
     * One item.
     *
     * @param undo how it can be taken back: {@code reset to STATUS}, or that it cannot be
     */
    public record Item(
            int position,
            String volumeId,
            Optional<String> mappingId,
            Optional<String> instanceId,
            Optional<String> host,
            Optional<String> backend,
            String state,
            int attempt,
            Optional<String> plan,
            String undo,
            Optional<String> detail,
            Optional<String> journal,
            String requestId,
            Optional<String> startedAt,
            Optional<String> endedAt) {
        public static Item of(JobItem item) {
            return new Item(
                    item.position(),
                    item.volumeId(),
                    item.mappingId(),
                    item.instanceId(),
                    item.host(),
                    item.backend(),
                    word(item.state()),
                    item.attempt(),
                    item.plan(),
                    item.inverse().map(status -> "reset to " + status).orElse("cannot be undone"),
                    item.detail(),
                    item.journal().map(UUID::toString),
                    item.requestId(),
                    item.startedAt().map(Instant::toString),
                    item.endedAt().map(Instant::toString));
        }
    }

    /**
     * An instance that was stopped for the job and is owed its start.
     *
     * @param next the command that pays it, where the job does not
     */
    public record Owed(String instanceId, String host, String state, Optional<String> detail, Optional<String> next) {
        static Owed of(OwedStart start) {
            boolean left = start.state() == InstanceStop.State.LEFT_STOPPED;
            return new Owed(
                    start.instanceId(), start.host(), word(start.state()), start.detail(),
                    left ? Optional.of("openstack server start " + start.instanceId()) : Optional.empty());
        }
    }

    public static JobDocument of(JobStatus status) {
        Job job = status.job();
        Map<String, Integer> items = new TreeMap<>();
        for (JobItem.State state : JobItem.State.values()) {
            items.put(word(state), status.in(state));
        }
        Map<String, Integer> instances = new TreeMap<>();
        status.instances().forEach((state, count) -> instances.put(word(state), count));
        return new JobDocument(
                job.id().toString(),
                word(job.action()),
                word(job.state()),
                job.why(),
                JsonText.map(job.selectorJson()),
                JsonText.map(job.requestJson()),
                job.limits(),
                job.notes(),
                job.undoes().map(UUID::toString),
                job.requestId(),
                job.userId(),
                job.reason(),
                status.total(),
                JobItem.State.ENDS.stream().mapToInt(status::in).sum(),
                items,
                instances,
                status.owed().stream().map(Owed::of).toList(),
                optional(status.perMinute()),
                optional(status.secondsLeft()),
                status.lastFailed().stream().map(Item::of).toList(),
                job.createdAt().toString(),
                job.notBefore().map(Instant::toString),
                job.appliedAt().map(Instant::toString),
                job.endedAt().map(Instant::toString));
    }

    private static Optional<Double> optional(OptionalDouble value) {
        return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
    }

    private static Optional<Long> optional(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
