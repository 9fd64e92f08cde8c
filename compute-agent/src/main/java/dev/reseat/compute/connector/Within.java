package dev.reseat.compute.connector;

import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.time.Duration;

/**
 * Waits that end. The kernel announces nothing of what it has done, so what a program said it did is looked at again.
 */
public final class Within {
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private Within() {}

    /**
     * The shorter of both.
     *
     * @throws ConnectorException.Failed if the deadline is over: then nothing more is begun
     */
    public static Duration atMost(Duration limit, Deadline deadline) {
        Duration left = deadline.remaining();
        if (left.isZero()) {
            throw new ConnectorException.Failed("the time for it is over");
        }
        return left.compareTo(limit) < 0 ? left : limit;
    }

    /** @return false if it is still not so when the time is over, or the thread is interrupted */
    public static boolean holds(Duration time, Fact fact) throws IOException {
        Deadline deadline = Deadline.after(time);
        while (!fact.holds()) {
            if (deadline.isOver()) {
                return false;
            }
            try {
                Thread.sleep(INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** What is looked at again. */
    public interface Fact {
        boolean holds() throws IOException;
    }
}
