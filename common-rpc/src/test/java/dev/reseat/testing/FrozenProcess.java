package dev.reseat.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A process that stands still: its connections stay open, and nothing is read or written. */
public final class FrozenProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private FrozenProcess() {}

    /** When this returns, none of its threads runs: a signal alone leaves those that do some time to go on. */
    public static void freeze(long pid) {
        signal("-STOP", pid);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!standsStill(pid)) {
            assertTrue(System.nanoTime() < end, () -> "process " + pid + " does not stop");
            Thread.onSpinWait();
        }
    }

    public static void thaw(long pid) {
        signal("-CONT", pid);
    }

    private static boolean standsStill(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.allMatch(FrozenProcess::isStopped);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T'; // the name before it may hold anything
        } catch (NoSuchFileException ended) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String signal, long pid) {
        try {
            assertEquals(0, new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
