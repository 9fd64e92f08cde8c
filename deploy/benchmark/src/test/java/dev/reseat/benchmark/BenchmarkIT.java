package dev.reseat.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkIT {
    @ParameterizedTest
    @ValueSource(strings = {"text", "tree"})
    void everyContenderAnswersEveryLoad(String form) {
        RabbitBroker broker = RabbitBroker.restartable();
        OsloPeer.connect(broker.transportUrl()).close(); // skips or fails where oslo.messaging is missing
        var plan = new Plan(List.of(Contender.values()), List.of(512, 16384), List.of(1, 4),
                List.of(Workload.Kind.values()), 1, Duration.ZERO, Duration.ofMillis(100), Duration.ZERO, 2, form);

        Results results = new Benchmark(plan, broker.own(), System.err).run();

        assertThat(results.workloads()).hasSize(8).containsExactlyElementsOf(plan.workloads());
        for (Workload workload : results.workloads()) {
            for (Contender contender : Contender.values()) {
                Measurement measured = results.median(workload, contender).orElseThrow();
                assertThat(measured.count()).as("%s %s", workload, contender).isPositive();
                assertThat(measured.failed()).as("%s %s", workload, contender).isZero();
                assertThat(measured.perSecond()).isPositive();
                assertThat(measured.p99()).isGreaterThanOrEqualTo(measured.p50());
            }
        }
        assertThat(new JsonMapper().readTree(results.json())).hasSize(8 * Contender.values().length)
                .allSatisfy(entry -> assertThat(entry.at("/rounds/0/count").longValue()).isPositive());
        assertThat(Table.of(results).lines().skip(2)).hasSize(8 * Contender.values().length)
                .allSatisfy(row -> assertThat(Arrays.asList(row.split("\\|", -1))).hasSize(14));
    }
}
