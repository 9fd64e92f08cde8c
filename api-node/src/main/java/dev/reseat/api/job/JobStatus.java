package dev.reseat.api.job;

import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A job and how far it is.
 *
 * @param counts items in each state; states without any are not in it
 * @param perMinute how many items end in a minute now; empty while nothing ends
 * @param secondsLeft until all that may go on has ended, at that rate
 * @param lastFailed the items that failed last, latest first
 */
public record JobStatus(
        Job job,
        Map<JobItem.State, Integer> counts,
        OptionalDouble perMinute,
        OptionalLong secondsLeft,
        List<JobItem> lastFailed) {
    public JobStatus {
        counts = Map.copyOf(counts);
        lastFailed = List.copyOf(lastFailed);
    }

    public int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    public int in(JobItem.State state) {
        return counts.getOrDefault(state, 0);
    }
}
