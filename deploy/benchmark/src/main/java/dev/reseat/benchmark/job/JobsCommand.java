package dev.reseat.benchmark.job;

import dev.reseat.broker.PrivateRabbitNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/bench jobs}. */
@Command(name = "jobs", mixinStandardHelpOptions = true, description = "Shows what jobs of many resets take: api-nodes "
        + "as processes on a RabbitMQ and a PostgreSQL of their own, against simulated agents and volume-managers "
        + "whose drivers are done at once; beside it loops that reset one volume after the other, and a sweep.")
public final class JobsCommand implements Callable<Integer> {
    private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getOperatingSystemMXBean();
    private static final int HOSTS = 500;
    private static final int BACKENDS = 20;
    private static final int SWEEPS = 4;

    @Option(names = "--items", split = ",", paramLabel = "N", defaultValue = "100,1000,10000", description = "sizes "
            + "of jobs, one after the other; default: ${DEFAULT-VALUE}") private List<Integer> sizes;

    @Option(names = "--long", description = "one of 100000 items, too") private boolean longOne;

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "2", description = "api-nodes; default: "
            + "${DEFAULT-VALUE}") private int nodes;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "1000", description = "items of a job before, that "
            + "is not shown; default: ${DEFAULT-VALUE}") private int warmUp;

    @Option(names = "--loop", paramLabel = "N", defaultValue = "30", description = "volumes of each loop; 0 for none; "
            + "default: ${DEFAULT-VALUE}") private int loop;

    @Option(names = "--sweep", paramLabel = "N", defaultValue = "10000", description = "volumes of a sweep over 500 "
            + "agents and 20 volume-managers; 0 for none; default: ${DEFAULT-VALUE}") private int swept;

    @Option(names = "--heap", paramLabel = "N", defaultValue = "0", description = "at the end a job of so many, of "
            + "which only the heap is looked at, until --heap-for is over; 0 for none") private int heapItems;

    @Option(names = "--heap-for", paramLabel = "SECONDS", defaultValue = "600", description = "how long; default: "
            + "${DEFAULT-VALUE}") private long heapSeconds;

    @Option(names = "--statements", description = "show how often each statement was sent for an item of the largest "
            + "job, on standard error") private boolean statements;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path server = PrivateRabbitNode.installedServer()
                .orElseThrow(() -> new IllegalStateException("this needs the package rabbitmq-server"));
        System.out.printf(Locale.ROOT, "%d cores, load average %.1f before%n%n", SYSTEM.getAvailableProcessors(),
                SYSTEM.getSystemLoadAverage());
        try (JobsCloud cloud = JobsCloud.start(server, nodes)) {
            var benchmark = new JobsBenchmark(cloud, System.err);
            if (warmUp > 0) {
                benchmark.run(warmUp);
            }
            List<Integer> all = new ArrayList<>(sizes);
            if (longOne) {
                all.add(100_000);
            }
            List<JobsResult> results = new ArrayList<>();
            System.out.print(JobsTable.HEAD);
            for (int items : all) {
                results.add(benchmark.run(items));
                System.out.print(JobsTable.row(results.getLast()));
            }
            if (statements) {
                cloud.database().dearest(results.getLast().items(), 60).forEach(System.err::println);
            }
            if (loop > 0 && !results.isEmpty()) {
                loops(cloud, results.getLast());
            }
            Optional<SweepResult> sweep = swept == 0
                    ? Optional.empty()
                    : Optional.of(SweepBenchmark.run(cloud, new SweptCloud(swept, HOSTS, BACKENDS), SWEEPS));
            sweep.ifPresent(result -> System.out.print(JobsTable.SWEEP + JobsTable.row(result)));
            System.out.print("\n" + JobsTable.aims(results, sweep));
            if (heapItems > 0) {
                System.out.print(JobsTable.HEAP);
                JobHeap.watch(cloud, benchmark, heapItems, Duration.ofSeconds(heapSeconds),
                        sample -> System.out.print(JobsTable.row(sample)));
            }
        }
        return 0;
    }

    private void loops(JobsCloud cloud, JobsResult largest) throws IOException, InterruptedException {
        System.out.print(JobsTable.LOOPS);
        if (ResetLoop.hasCinderClient()) {
            String project = cloud.stuckVolumes(loop);
            System.out.print(JobsTable.loop("cinder reset-state, our REST",
                    ResetLoop.ofCommands(cloud.url(), project, cloud.volumes(project)), largest));
        }
        String project = cloud.stuckVolumes(loop);
        System.out.print(JobsTable.loop("requests to our REST",
                ResetLoop.ofRequests(cloud.url(), project, cloud.volumes(project)), largest));
        if (UpstreamCinder.isInstalled()) {
            try (UpstreamCinder upstream = UpstreamCinder.start(cloud)) {
                List<String> volumes = upstream.stuckVolumes(project, 2 * loop);
                if (ResetLoop.hasCinderClient()) {
                    System.out.print(JobsTable.loop("cinder reset-state, upstream's cinder-api, rows only",
                            ResetLoop.ofCommands(upstream.url(), project, volumes.subList(0, loop)), largest));
                }
                System.out.print(JobsTable.loop("requests to upstream's cinder-api, rows only",
                        ResetLoop.ofRequests(upstream.url(), project, volumes.subList(loop, 2 * loop)), largest));
            }
        }
    }
}
