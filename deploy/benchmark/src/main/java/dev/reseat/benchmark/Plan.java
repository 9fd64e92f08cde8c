package dev.reseat.benchmark;

import dev.reseat.benchmark.Workload.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured, and for how long.
 *
 * @param rounds how often every contender has its turn with a workload
 * @param warmUp how long a JVM is loaded before anything is measured, for each size
 * @param time of one turn
 * @param settling load before each turn that is not measured
 * @param servers of a fanout
 * @param form of the argument: text, tree or connection
 * @param jvmFlags of the contenders that have a JVM
 */
record Plan(
        List<Contender> contenders, List<Integer> sizes, List<Integer> inFlight, List<Kind> kinds, int rounds,
        Duration warmUp, Duration time, Duration settling, int servers, String form,
        List<String> jvmFlags) {
    /** Casts and fanouts do not wait for an answer: their rate depends little on how many send at once. */
    static final int CASTING = 16;

    Plan {
        contenders = List.copyOf(contenders);
        sizes = List.copyOf(sizes);
        inFlight = List.copyOf(inFlight);
        kinds = List.copyOf(kinds);
        jvmFlags = List.copyOf(jvmFlags);
        if (contenders.isEmpty() || sizes.isEmpty() || inFlight.isEmpty() || kinds.isEmpty() || rounds < 1) {
            throw new IllegalArgumentException("nothing to measure");
        }
    }

    List<Workload> workloads() {
        List<Workload> all = new ArrayList<>();
        for (Kind kind : kinds) {
            for (int size : sizes) {
                (kind == Kind.CALL ? inFlight : List.of(CASTING))
                        .forEach(number -> all.add(new Workload(kind, size, number)));
            }
        }
        return all;
    }
}
