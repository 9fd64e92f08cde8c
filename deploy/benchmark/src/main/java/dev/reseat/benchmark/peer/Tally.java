package dev.reseat.benchmark.peer;

import java.util.concurrent.atomic.AtomicLong;

/** What has arrived since the last reset. Thread-safe. */
final class Tally {
    private final AtomicLong arrived = new AtomicLong();
    private volatile long goal = Long.MAX_VALUE;

    void arrived() {
        if (arrived.incrementAndGet() >= goal) {
            wake();
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** For between two loads, while nothing arrives. */
    void reset() {
        arrived.set(0);
    }

    /** @return how many have arrived when the goal is reached or the time is over */
    synchronized long await(long count, long millis) throws InterruptedException {
        goal = count;
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; arrived.get() < count && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        goal = Long.MAX_VALUE;
        return arrived.get();
    }
}
