package dev.reseat.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkIT {
    /** So long that on a busy machine each of them gets to answer. */
    private static final Duration MEASURED = Duration.ofMillis(300);

    private final RabbitBroker broker = RabbitBroker.restartable();

    @BeforeEach
    void findOslo() {
        OsloPeer.connect(broker.transportUrl()).close(); // skips or fails where oslo.messaging is missing
    }

    /** What bounds us, and whom we talk to. */
    @Test
    void theFloorOsloMessagingAndOursAnswer() {
        check(List.of(Contender.FLOOR, Contender.OSLO, Contender.OURS), List.of(512), List.of(4), "tree");
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"text", "tree", "connection"})
    void everyContenderAnswersEveryLoad(String form) {
        check(List.of(Contender.values()), List.of(512, 16384), List.of(1, 4), form);
    }

    private void check(List<Contender> contenders, List<Integer> sizes, List<Integer> inFlight, String form) {
        var plan = new Plan(contenders, sizes, inFlight,
                List.of(Workload.Kind.values()), 1, Duration.ZERO, MEASURED, Duration.ZERO, 2, form,
                // they live for seconds
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        // casts and fanouts do not vary with how many send at once
        int workloads = sizes.size() * (inFlight.size() + 2);

        Results results = new Benchmark(plan, broker.own(), System.err).run();

        assertThat(results.workloads()).hasSize(workloads).containsExactlyElementsOf(plan.workloads());
        for (Workload workload : results.workloads()) {
            for (Contender contender : contenders) {
                Measurement measured = results.median(workload, contender).orElseThrow();
                assertThat(measured.count()).as("%s %s", workload, contender).isPositive();
                assertThat(measured.failed()).as("%s %s", workload, contender).isZero();
                assertThat(measured.perSecond()).isPositive();
                assertThat(measured.p99()).isGreaterThanOrEqualTo(measured.p50());
            }
        }
        assertThat(new JsonMapper().readTree(results.json())).hasSize(workloads * contenders.size())
                .allSatisfy(entry -> assertThat(entry.at("/rounds/0/count").longValue()).isPositive());
        assertThat(Table.of(results).lines().skip(2)).hasSize(workloads * contenders.size())
                .allSatisfy(row -> assertThat(Arrays.asList(row.split("\\|", -1))).hasSize(14));
    }
}
