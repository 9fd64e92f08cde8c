package dev.reseat.api.job;

import dev.reseat.api.model.InstanceStop;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.OwedStart;
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
 * @param instances those that were stopped for it, in each state; states without any are not in it
 * @param owed some of those that do not run again yet
 */
public record JobStatus(
        Job job,
        Map<JobItem.State, Integer> counts,
        OptionalDouble perMinute,
        OptionalLong secondsLeft,
        List<JobItem> lastFailed,
        Map<InstanceStop.State, Integer> instances,
        List<OwedStart> owed) {
    public JobStatus {
        counts = Map.copyOf(counts);
        lastFailed = List.copyOf(lastFailed);
        instances = Map.copyOf(instances);
        owed = List.copyOf(owed);
    }

    public int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    public int in(JobItem.State state) {
        return counts.getOrDefault(state, 0);
    }
}
