package dev.reseat.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.benchmark.Workload.Kind;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Results results = new Results();

    @Test
    void aRowIsTheMedianOfItsRoundsAndTheRatioToTheFloor() {
        var workload = new Workload(Kind.CALL, 512, 64);
        add(workload, Contender.FLOOR, 1000, 1.0);
        add(workload, Contender.FLOOR, 4000, 4.0);
        add(workload, Contender.FLOOR, 2000, 2.0);
        add(workload, Contender.FLOOR_BARE, 4000, 0.5);
        add(workload, Contender.OURS, 1900, 3.0);
        add(workload, Contender.OURS, 1700, 5.0);

        assertThat(Table.of(results).lines().skip(2)).containsExactly(
                "| call | 512 | 64 | floor | 2000 | 1.00 | 0.50 | 2.00 | 20.00 | 10 | 20 | 30 |",
                "| call | 512 | 64 | floor-bare | 4000 | 2.00 | 1.00 | 0.50 | 5.00 | 10 | 20 | 30 |",
                "| call | 512 | 64 | ours | 1800 | 0.90 | 0.45 | 4.00 | 40.00 | 10 | 20 | 30 |");
    }

    @Test
    void everyAimSaysWhetherItIsMet() {
        var many = new Workload(Kind.CALL, 512, 64);
        add(many, Contender.FLOOR, 1000, 1);
        add(many, Contender.SPRING, 400, 1);
        add(many, Contender.OSLO, 50, 1);
        add(many, Contender.OURS, 900, 1);
        var one = new Workload(Kind.CALL, 512, 1);
        add(one, Contender.FLOOR, 1000, 0.5);
        add(one, Contender.OURS, 1000, 0.75);

        assertThat(Aims.lines(results)).containsExactly(
                "| 64 in flight, 512 bytes: calls/s | ≥ 0.9 × floor | 0.90 | met |",
                "| 64 in flight, 512 bytes: calls/s | ≥ 3.0 × spring | 2.25 | MISSED |",
                "| 64 in flight, 512 bytes: calls/s | ≥ 15.0 × oslo | 18.00 | met |",
                "| 1 in flight, 512 bytes: p50 | ≤ 1.2 × floor | 1.50 | MISSED |");
    }

    @Test
    void aContenderThatFailedOrDidNothingIsNotPassedOver() {
        var workload = new Workload(Kind.CAST, 512, 16);
        add(workload, Contender.OURS, 1000, 1);
        assertThat(results.failed()).isFalse();

        results.add(workload, Contender.OSLO, new Measurement(10, 2, 1000, 1, 1, 1, 1, 1));

        assertThat(results.failed()).isTrue();
        assertThat(Table.of(results)).contains("| 2 FAILED");
    }

    private void add(Workload workload, Contender contender, double perSecond, double p50) {
        results.add(workload, contender, new Measurement(100, 0, perSecond, p50, p50 * 10, 10, 20, 30));
    }
}
