package dev.reseat.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;

/** All agents of one kind and the processes they are in. For one thread. */
final class Herd implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private final List<PeerProcess> processes;

    private Herd(List<PeerProcess> processes) {
        this.processes = processes;
    }

    /** Starts the processes, without agents in them yet. */
    static Herd start(Hosting hosting, int agents, String transportUrl) {
        List<PeerProcess> started = new ArrayList<>();
        try {
            for (int i = 0; i < hosting.processes(agents); i++) {
                started.add(hosting.start(transportUrl));
            }
            return new Herd(started);
        } catch (RuntimeException e) {
            started.forEach(PeerProcess::close);
            throw e;
        }
    }

    /** Starts the agents, in all processes at once; returns when each listens or its first attempt has failed. */
    void startAgents(int agents) {
        int each = agents / processes.size();
        List<Future<?>> starting = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < processes.size(); i++) {
                PeerProcess process = processes.get(i);
                Map<String, Object> command = Map.of("do", "start", "first", i * each, "count", each);
                starting.add(threads.submit(() -> process.ask(command, START_LIMIT)));
            }
            for (Future<?> one : starting) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    long residentBytes() {
        return sum(process -> Usage.residentBytes(process.handle()));
    }

    long cpuNanos() {
        return sum(process -> Usage.cpuNanos(process.handle()));
    }

    /** Heap in use after a collection; zero for Python. */
    long heapBytes() {
        return sum(process -> footprint(process, "heap"));
    }

    /** Threads that the system schedules. */
    long threads() {
        return sum(process -> footprint(process, "threads"));
    }

    private static long footprint(PeerProcess process, String what) {
        return process.ask(Map.of("do", "footprint"), Duration.ofSeconds(30)).path(what).longValue();
    }

    private long sum(ToLongFunction<PeerProcess> of) {
        return processes.stream().mapToLong(of).sum();
    }

    @Override
    public void close() {
        processes.forEach(PeerProcess::close);
    }
}
