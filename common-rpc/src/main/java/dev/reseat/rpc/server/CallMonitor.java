package dev.reseat.rpc.server;

import dev.reseat.rpc.transport.Sending;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells the caller of a long method that it still runs: every half of the time the caller is willing to be without
 * news.
 */
final class CallMonitor implements AutoCloseable {
    private static final int SHORTEST = 2; // seconds; upstream refuses an interval below one second

    private static final CallMonitor NONE = new CallMonitor(Thread.ofVirtual().unstarted(() -> {}));

    private final Thread thread;

    private CallMonitor(Thread thread) {
        this.thread = thread;
    }

    /**
     * @param monitorSeconds what the caller asked for; nothing is sent if it is below 2 (a caller that asked for
     *     nothing crashes on a heartbeat)
     * @param heartbeat begins to send one. It is given up when the next one is due: while the broker takes nothing,
     *     they must not pile up
     */
    static CallMonitor start(int monitorSeconds, Supplier<Optional<Sending>> heartbeat) {
        if (monitorSeconds < SHORTEST) {
            return NONE;
        }
        var interval = Duration.ofSeconds(monitorSeconds).dividedBy(2);
        return new CallMonitor(Thread.ofVirtual().name("call-monitor").start(() -> beat(interval, heartbeat)));
    }

    /** After this no heartbeat is begun. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private static void beat(Duration interval, Supplier<Optional<Sending>> heartbeat) {
        Optional<Sending> last = Optional.empty();
        try {
            while (true) {
                Thread.sleep(interval);
                last.ifPresent(sending -> sending.abandon("the next one is due"));
                last = heartbeat.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: the method is done
        }
    }
}
