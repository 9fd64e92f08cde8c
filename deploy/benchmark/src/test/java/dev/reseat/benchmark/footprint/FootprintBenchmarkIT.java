package dev.reseat.benchmark.footprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("broker")
@Tag("slow")
class FootprintBenchmarkIT {
    @Test
    void aProcessIsMeasuredFromItsExecToItsEnd() throws Exception {
        try (FootprintCloud cloud = FootprintCloud.start(RabbitBroker.serverProgram());
                var caller = new CallRate(cloud.transportUrl())) {
            var bare = new Contestant(
                    "bare", Optional.empty(),
                    PythonScript.command(cloud.directory(), "oslo_bare.py", cloud.transportUrl()), Map.of(),
                    cloud.directory().resolve("bare.log"), () -> cloud.consumers().has("bare.one"), Optional.empty());

            Footprint measured =
                    new FootprintBenchmark(caller, 2, Duration.ofSeconds(1), System.err).measure(bare);

            assertThat(measured.readySeconds()).hasSize(2).allSatisfy(time -> assertThat(time).isBetween(0.05, 60.0));
            assertThat(measured.proportionalBytes()).isBetween(5L << 20, measured.residentBytes());
            assertThat(measured.threads()).isPositive();
            assertThat(measured.idlePercent()).isBetween(0.0, 100.0);
            assertThat(FootprintTable.row(measured).split("\\|", -1))
                    .hasSameSizeAs(FootprintTable.HEAD.lines().findFirst().orElseThrow().split("\\|", -1));
            assertThat(FootprintTable.aims(measured)).isEmpty();
        }
    }

    @Test
    void aimsAreMetOrMissed() {
        var agent = new Footprint(
                "agent", Optional.of(InstalledService.AGENT), List.of(0.5, 0.3, 0.34), 0.5, 40L << 20, 50L << 20,
                20, 0.3, 850, 1000);

        assertThat(FootprintTable.aims(agent).lines()).containsExactly(
                "| reseat-compute-agent: ready within s 0.35 | 0.34 | met |",
                "| reseat-compute-agent: PSS MiB at most 45.00 | 40.00 | met |",
                "| reseat-compute-agent: idle % at most 0.20 | 0.30 | missed |",
                "| reseat-compute-agent: first calls / warm at least 0.8 | 0.85 | met |");
    }
}
