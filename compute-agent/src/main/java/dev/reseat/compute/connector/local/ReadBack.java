package dev.reseat.compute.connector.local;

import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.time.Duration;

/** Looks whether the kernel has done what a program said it did. The kernel announces none of it, so this looks again. */
final class ReadBack {
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private ReadBack() {}

    /** @return false if it is still not so when the time is over, or the thread is interrupted */
    static boolean within(Duration time, Fact fact) throws IOException {
        Deadline deadline = Deadline.after(time);
        while (!fact.holds()) {
            if (deadline.isOver())
                return false;
            try {
                Thread.sleep(INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    interface Fact {
        boolean holds() throws IOException;
    }
}
