package dev.reseat.host;

import java.util.Optional;

/**
 * A lock that was granted.
 *
 * @param kind {@code FLOCK}, {@code POSIX}, {@code OFDLCK} or {@code LEASE}
 * @param access {@code READ} or {@code WRITE}
 * @param process who took it; it may have ended and left the lock to a child. Empty where the kernel does not say
 * @param program that process's name, if it is there to be seen
 */
public record FileLock(String kind, String access, Optional<Long> process, Optional<String> program) {
    /** Known only from an attempt to take the lock, which failed. */
    static final FileLock UNNAMED = new FileLock("FLOCK", "unknown", Optional.empty(), Optional.empty());

    @Override
    public String toString() {
        return kind + " lock (" + access + ") of "
                + process.map(pid -> "pid " + pid + program.map(name -> " (" + name + ")").orElse(" (ended or hidden)"))
                        .orElse("a process");
    }
}
