package dev.reseat.benchmark.job;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lets an api-node of its own sweep over many volumes, and measures what a sweep takes. For one thread. */
final class SweepBenchmark {
    private static final String CINDER = "swept_cinder";
    private static final String NOVA = "swept_nova";
    private static final long LIMIT_SECONDS = 600;
    private static final long LOOK_MILLIS = 200;
    private static final String SETTINGS = "sweep_interval = 1";
    /** Of all volumes, and nobody silent. */
    private static final String WHOLE =
            " FROM reseat.sweep WHERE state = 'done' AND volumes = ? AND unknown_volumes = 0"
                    + " AND hosts = ?";

    private SweepBenchmark() {}

    /**
     * The first sweep of a JVM, which also writes what it finds, and the quickest of those after it.
     *
     * @throws IllegalStateException if it has not found what there is
     */
    static SweepResult run(JobsCloud cloud, SweptCloud swept, int sweeps) throws IOException, InterruptedException {
        BenchDatabase database = cloud.database();
        try (InventoryPeers _ = InventoryPeers.start(cloud.transportUrl(), swept);
                MeasuredNode node = cloud.node("sweeper", database.create(CINDER), database.create(NOVA), SETTINGS)) {
            swept.fill(database, CINDER, NOVA);
            awaitSweeps(database, swept, sweeps);
            List<String> took = database.texts(
                    CINDER, "SELECT EXTRACT(EPOCH FROM ended_at - started_at)" + WHOLE + " ORDER BY id",
                    swept.volumes(), swept.hosts());
            long found = database.number(
                    CINDER, "SELECT count(*) FROM reseat.finding WHERE pattern = '12' AND gone_since IS NULL");
            if (found != swept.leaked()) {
                throw new IllegalStateException("of " + swept.leaked() + " leaked exports are found: " + found);
            }
            return new SweepResult(
                    swept.volumes(), swept.hosts(), Double.parseDouble(took.getFirst()),
                    took.stream().skip(1).mapToDouble(Double::parseDouble).min().orElseThrow(), node.heapBytes());
        }
    }

    private static void awaitSweeps(BenchDatabase database, SweptCloud swept, int sweeps) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (database.number(CINDER, "SELECT count(*)" + WHOLE, swept.volumes(), swept.hosts()) < sweeps) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no whole sweep: " + database.texts(
                        CINDER, "SELECT state || ' ' || volumes || ' ' || unknown_volumes || ' ' || COALESCE(hosts, -1)"
                                + " FROM reseat.sweep ORDER BY id DESC LIMIT 3"));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
