package dev.reseat.benchmark;

import dev.reseat.broker.PrivateRabbitNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Carries a plan out: the contenders take turns, each round in another order. */
final class Benchmark {
    private static final int WARM_UP_IN_FLIGHT = 64;

    private final Plan plan;
    private final PrivateRabbitNode node;
    private final PrintStream progress;

    Benchmark(Plan plan, PrivateRabbitNode node, PrintStream progress) {
        this.plan = plan;
        this.node = node;
        this.progress = progress;
    }

    Results run() {
        List<Pair> pairs = new ArrayList<>();
        try {
            ProcessHandle broker = node.beam().orElseThrow();
            for (Contender contender : plan.contenders()) {
                pairs.add(Pair.start(contender, node.transportUrl(), broker, plan));
            }
            pairs.forEach(this::warmUp);
            var results = new Results();
            for (Workload workload : plan.workloads()) {
                measure(workload, pairs, results);
            }
            return results;
        } finally {
            pairs.forEach(Pair::close);
        }
    }

    private void warmUp(Pair pair) {
        if (!plan.warmUp().isPositive() || !pair.contender().needsWarmUp()) {
            return;
        }
        for (int size : plan.sizes()) {
            progress.printf("warming up %s with %d bytes%n", pair.contender().label(), size);
            for (Workload.Kind kind : plan.kinds()) {
                Duration time = kind == Workload.Kind.CALL ? plan.warmUp() : plan.warmUp().dividedBy(4);
                pair.measure(new Workload(kind, size, WARM_UP_IN_FLIGHT), time);
            }
        }
    }

    private void measure(Workload workload, List<Pair> pairs, Results results) {
        List<Pair> order = new ArrayList<>(pairs);
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Pair pair : order) {
                if (plan.settling().isPositive()) {
                    pair.measure(workload, plan.settling());
                }
                Measurement measured = pair.measure(workload, plan.time());
                results.add(workload, pair.contender(), measured);
                progress.printf("%s of %d bytes, %d in flight, round %d of %d: %s %.0f/s%s%n",
                        workload.kind().label(), workload.size(), workload.inFlight(), round, plan.rounds(),
                        pair.contender().label(), measured.perSecond(),
                        measured.failed() > 0 ? ", " + measured.failed() + " FAILED" : "");
            }
            Collections.rotate(order, -1); // whoever comes after the heaviest is not always the same
        }
    }
}
