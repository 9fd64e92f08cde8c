package dev.reseat.benchmark.footprint;

import java.util.List;
import java.util.Optional;

/**
 * What one kind of process takes.
 *
 * @param readySeconds from exec until somebody else can reach it, of each start, ascending
 * @param readyCpuSeconds user and system time until then, of the last start: what a busy machine does not stretch
 * @param proportionalBytes memory, shared pages by its share, after the idle time
 * @param residentBytes memory, shared pages whole
 * @param idlePercent of one core, while nobody asks anything
 * @param aims of one of our services
 * @param firstCalls a second, in the first four seconds after it is ready
 * @param warmCalls a second, later on
 */
record Footprint(
        String label,
        Optional<InstalledService> aims,
        List<Double> readySeconds,
        double readyCpuSeconds,
        long proportionalBytes,
        long residentBytes,
        int threads,
        double idlePercent,
        double firstCalls,
        double warmCalls) {
    Footprint {
        readySeconds = readySeconds.stream().sorted().toList();
    }

    double medianReady() {
        return readySeconds.get(readySeconds.size() / 2);
    }

    double megabytes() {
        return proportionalBytes / 1024.0 / 1024;
    }
}
