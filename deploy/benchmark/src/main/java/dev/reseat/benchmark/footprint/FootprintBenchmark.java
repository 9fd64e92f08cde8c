package dev.reseat.benchmark.footprint;

import dev.reseat.rpc.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures one kind of process after the other. */
final class FootprintBenchmark {
    private static final Duration FIRST = Duration.ofSeconds(4);
    private static final Duration BETWEEN = Duration.ofSeconds(20);

    private final CallRate caller;
    private final int starts;
    private final Duration idle;
    private final PrintStream progress;

    /**
     * @param caller that is warm
     * @param starts of which the time is taken
     * @param idle for which nothing is asked
     */
    FootprintBenchmark(CallRate caller, int starts, Duration idle, PrintStream progress) {
        this.caller = caller;
        this.starts = starts;
        this.idle = idle;
        this.progress = progress;
    }

    Footprint measure(Contestant one) throws IOException, InterruptedException {
        progress.println(one.label());
        List<Double> ready = new ArrayList<>();
        for (int i = 1; i < starts; i++) {
            try (MeasuredProcess process = exec(one)) {
                ready.add(seconds(process.awaitReady(one.ready())));
                process.end();
            }
        }
        double first = 0;
        double warm = 0;
        if (one.server().isPresent()) {
            Target server = one.server().get();
            try (MeasuredProcess process = exec(one)) {
                process.awaitReady(one.ready());
                first = caller.perSecond(server, FIRST);
                caller.perSecond(server, BETWEEN);
                warm = caller.perSecond(server, FIRST);
                process.end();
            }
        }
        try (MeasuredProcess process = exec(one)) {
            ready.add(seconds(process.awaitReady(one.ready())));
            double cpu = process.cpuNanos() / 1e9;
            return idle(one, process, ready, cpu, first, warm);
        }
    }

    private Footprint idle(
            Contestant one, MeasuredProcess process, List<Double> ready, double cpu, double first, double warm)
            throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(FIRST.toSeconds()); // what a start still does behind its back
        long before = process.cpuNanos();
        long begin = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(idle.toNanos());
        double percent = 100.0 * (process.cpuNanos() - before) / (System.nanoTime() - begin);
        var footprint = new Footprint(one.label(), one.aims(), ready, cpu, process.proportionalBytes(),
                process.residentBytes(), process.threads(), percent, first, warm);
        process.end();
        return footprint;
    }

    private MeasuredProcess exec(Contestant one) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (one.ready().getAsBoolean() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(20); // the broker still sees the one before
        }
        return MeasuredProcess.exec(one.label(), one.command(), one.environment(), one.log());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
