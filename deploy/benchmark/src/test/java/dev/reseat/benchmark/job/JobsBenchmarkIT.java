package dev.reseat.benchmark.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("broker")
@Tag("database")
@Tag("slow")
class JobsBenchmarkIT {
    @Test
    void everyItemOfASmallJobIsDoneAndCounted() throws Exception {
        try (JobsCloud cloud = JobsCloud.start(RabbitBroker.serverProgram(), 2)) {
            var benchmark = new JobsBenchmark(cloud, System.err);
            JobsResult result = benchmark.run(20);

            assertThat(List.of(
                    result.planSeconds(), result.runSeconds(), result.p50Millis(), result.statements(),
                    result.cpuMillis()))
                    .allSatisfy(value -> assertThat(value).isPositive());
            assertThat(result.p99Millis()).isGreaterThanOrEqualTo(result.p50Millis());
            assertThat(result.heapBytes()).isPositive();
            assertThat(JobsTable.row(result).split("\\|", -1))
                    .hasSameSizeAs(JobsTable.HEAD.lines().findFirst().orElseThrow().split("\\|", -1));

            String project = cloud.stuckVolumes(2);
            double perSecond = ResetLoop.ofRequests(cloud.url(), project, cloud.volumes(project));
            assertThat(perSecond).isPositive();
            assertThat(cloud.free(project)).isEqualTo(2);
            assertThat(JobsTable.loop("requests", perSecond, result)).startsWith("| requests | ");

            List<JobHeap.Sample> samples = new ArrayList<>();
            JobHeap.watch(cloud, benchmark, 3, Duration.ofSeconds(1), samples::add);
            assertThat(samples.getLast().planned()).isEqualTo(3);
            assertThat(samples.getLast().heapBytes()).isPositive();
            assertThat(JobsTable.row(samples.getLast()).split("\\|", -1))
                    .hasSameSizeAs(JobsTable.HEAP.strip().lines().findFirst().orElseThrow().split("\\|", -1));
        }
    }

    @Test
    void aSweepFindsWhatThereIs() throws Exception {
        try (JobsCloud cloud = JobsCloud.start(RabbitBroker.serverProgram(), 0)) {
            SweepResult result = SweepBenchmark.run(cloud, new SweptCloud(1000, 20, 4), 2);

            assertThat(result.seconds()).isPositive();
            assertThat(JobsTable.row(result).split("\\|", -1))
                    .hasSameSizeAs(JobsTable.SWEEP.strip().lines().findFirst().orElseThrow().split("\\|", -1));
            assertThat(JobsTable.aims(List.of(), Optional.of(result))).contains("1000 volumes over 20 agents");
        }
    }
}
