package dev.reseat.benchmark.job;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What an api-node keeps of a large job while it is at work on it, which a share of the items shows as well as all of
 * them. For one thread.
 */
final class JobHeap {
    private static final long PAUSE_SECONDS = 20;
    private static final String COUNTS = "SELECT count(*) FILTER (WHERE digest IS NOT NULL) || ' '"
            + " || count(*) FILTER (WHERE ended_at IS NOT NULL) FROM reseat.job_item WHERE job = CAST(? AS uuid)";

    private JobHeap() {}

    /**
     * How it was at a moment.
     *
     * @param planned items whose sources were asked
     * @param ended items that were over
     * @param heapBytes of the api-node with most on its heap, after a full collection
     */
    record Sample(int items, double seconds, long planned, long ended, long heapBytes) {}

    /** Makes the job and looks on until the time is over or the job is. */
    static void watch(
            JobsCloud cloud, JobsBenchmark benchmark, int items, Duration time, Consumer<Sample> seen)
            throws IOException, InterruptedException {
        String project = cloud.stuckVolumes(items);
        long begun = System.nanoTime();
        String job = benchmark.create(project);
        Sample sample;
        do {
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
            String[] counts = cloud.ask(COUNTS, job).split(" ", -1);
            sample = new Sample(
                    items, (System.nanoTime() - begun) / 1e9, Long.parseLong(counts[0]), Long.parseLong(counts[1]),
                    cloud.heapBytes());
            seen.accept(sample);
        } while (sample.ended() < items && System.nanoTime() - begun < time.toNanos());
    }
}
