package dev.reseat.benchmark.peer;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

/** Keeps a number of calls in flight for a time: so many virtual threads, each making one after the other. */
final class Load {
    private static final double MILLI = 1e6;

    private final Act act;
    private final Duration time;
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<String> firstFailure = new AtomicReference<>("");

    /** What is done over and over. */
    @FunctionalInterface
    interface Act {
        void run() throws IOException, InterruptedException;
    }

    Load(Act act, Duration time) {
        this.act = act;
        this.time = time;
    }

    /** @return count, seconds (until the last has come back), p50 and p99 in milliseconds, failures */
    Map<String, Object> run(int inFlight) throws InterruptedException {
        List<LongStream.Builder> latencies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < inFlight; i++) {
            LongStream.Builder own = LongStream.builder();
            latencies.add(own);
            threads.add(Thread.ofVirtual().name("load-" + i).start(() -> repeat(own, begin + time.toNanos())));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long[] all = latencies.stream().flatMapToLong(LongStream.Builder::build).sorted().toArray();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("count", all.length);
        result.put("seconds", seconds);
        result.put("p50", percentile(all, 0.50));
        result.put("p99", percentile(all, 0.99));
        result.put("failed", failed.get());
        result.put("failure", firstFailure.get());
        return result;
    }

    private void repeat(LongStream.Builder latencies, long end) {
        for (long start = System.nanoTime(); start - end < 0; start = System.nanoTime()) {
            try {
                act.run();
                latencies.add(System.nanoTime() - start);
            } catch (IOException | RuntimeException e) {
                failed.incrementAndGet();
                firstFailure.compareAndSet("", e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static double percentile(long[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)] / MILLI;
    }
}
