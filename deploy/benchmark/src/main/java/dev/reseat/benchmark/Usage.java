package dev.reseat.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process has used, as the system counts it. */
public final class Usage {
    private static final String RESIDENT = "VmRSS:";

    private Usage() {}

    /** User and system time so far, in nanoseconds; the system counts in hundredths of a second. */
    public static long cpuNanos(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** Memory that is really there, in bytes. Linux only. */
    static long residentBytes(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"))
                    .stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(RESIDENT.length()).replace("kB", "").strip()) * 1024)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
