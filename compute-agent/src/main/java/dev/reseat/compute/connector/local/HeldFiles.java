package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Within;
import dev.reseat.host.FileLock;
import dev.reseat.host.FileLocks;
import dev.reseat.host.Findings;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files held by an exclusive lock ({@code flock}). A small process in a session of its own has the lock, so it survives
 * the agent; it carries this host's name and the file's in its environment. That and {@code /proc/locks} are the
 * record: there is no file to go stale, and no moment between starting the process and noting it.
 */
final class HeldFiles {
    static final String SLEEP = "sleep";
    private static final String HELD = "held";
    /** So long a lock is waited for: another's try, who looks at the same file, lets go sooner. */
    private static final String TRY_SECONDS = "1";
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final LocalConfig config;
    private final FileLocks locks;

    @Inject
    HeldFiles(LocalConfig config, FileLocks locks) {
        this.config = config;
        this.locks = locks;
    }

    /** What a file is held for. */
    enum Use {
        /** A guest is given the file. */
        FILE,
        /** A loop device is made on it. */
        LOOP
    }

    /**
     * A lock on a file.
     *
     * @param holder empty if it is no agent's
     */
    record Hold(FileLock lock, Optional<Holder> holder) {
        @Override
        public String toString() {
            return lock.process().map(pid -> "process " + pid).orElse("a process") + " has a lock on it"
                    + holder.map(known -> ", held for " + known.host()).orElse("");
        }
    }

    /** When this returns, the file is held for this host. */
    void take(Path file, Use use, Deadline deadline) throws IOException {
        List<Hold> there = all(file).found();
        if (there.stream().anyMatch(this::isOurs)) {
            return;
        }
        if (!there.isEmpty()) {
            throw new ConnectorException.Busy(file + " is locked: " + there.getFirst());
        }
        start(file, use, deadline);
    }

    /** Whether this host holds the file that way; also if the file has no name any more. */
    boolean isOurs(Path file, Use use) throws IOException {
        return ours(file).stream().anyMatch(holder -> holder.use() == use);
    }

    /**
     * When this returns, nobody on this machine has a lock on the file, save other hosts simulated on it.
     *
     * @throws ConnectorException.Failed if nobody can tell, as for a file that is not there and was not held here
     */
    void release(Path file, Deadline deadline) throws IOException {
        List<Holder> ours = ours(file);
        Within.atMost(SETTLING, deadline); // looking may have taken all the time there was
        ours.forEach(Holder::end);
        boolean exclusive = !ours.isEmpty() && !Files.exists(file); // whoever held it kept others off, and is gone
        boolean gone = Within.holds(Within.atMost(SETTLING, deadline), () -> exclusive
                ? ours.stream().noneMatch(holder -> Holder.of(holder.process()).filter(holder::equals).isPresent())
                : on(file).found().isEmpty());
        Findings<Hold> left = on(file);
        if (!gone) {
            throw new ConnectorException.Busy(file + " is still locked: " + left.detail("its holder does not end"));
        }
        if (!exclusive && !left.doubts().isEmpty()) {
            throw new ConnectorException.Failed(
                    "whether " + file + " is held " + left.detail(""));
        }
    }

    /** The locks on the file, without those held for other hosts simulated on this machine. */
    Findings<Hold> on(Path file) {
        Findings<Hold> all = all(file);
        return new Findings<>(
                all.found()
                        .stream()
                        .filter(hold -> hold.holder().isEmpty() || isOurs(hold))
                        .toList(),
                all.doubts());
    }

    private Findings<Hold> all(Path file) {
        return locks.on(file).map(lock -> new Hold(lock, lock.process().flatMap(Holder::of)));
    }

    /** Under whatever name the file was taken; one that is deleted is known by the name it was taken under. */
    private List<Holder> ours(Path file) throws IOException {
        return Stream.concat(
                all(file).found().stream().flatMap(hold -> hold.holder().stream()), Holder.all(file).stream())
                .filter(holder -> holder.host().equals(config.host()))
                .distinct()
                .toList();
    }

    private boolean isOurs(Hold hold) {
        return hold.holder().filter(holder -> holder.host().equals(config.host())).isPresent();
    }

    /**
     * Not a command that ends, so not a matter of {@code process}. flock takes the lock and becomes the shell, which
     * says so and becomes the sleep; it is one process id from start to end.
     */
    private void start(Path file, Use use, Deadline deadline) throws IOException {
        Duration limit = Within.atMost(SETTLING, deadline);
        ProcessBuilder builder = new ProcessBuilder(
                "setsid", "flock", "--exclusive", "--timeout", TRY_SECONDS, "--no-fork", file.toString(),
                "sh", "-c", "echo " + HELD + " && exec " + SLEEP + " infinity")
                .directory(Path.of("/").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH")); // whoever may read our environment: no secrets of the agent's
        environment.put(Holder.HOST, config.host());
        environment.put(Holder.FILE, file.toString());
        environment.put(Holder.USE, use.name());
        Process process = builder.start();
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            if (deadline.isOver()) { // it has waited for the file itself, and nobody waits for it any more
                process.destroy();
                throw new ConnectorException.Failed("the time for it is over");
            }
            if (HELD.equals(line) && Within.holds(limit, () -> isHeldForGood(file))) {
                return;
            }
            process.destroy();
            if (HELD.equals(line)) {
                throw new ConnectorException.Failed(file + " is locked, but the kernel does not show the lock");
            }
            throw new ConnectorException.Busy(
                    file + " cannot be locked: " + (line == null ? "somebody else has the lock" : line));
        }
    }

    /** While a process becomes another program, its environment cannot be read. */
    private boolean isHeldForGood(Path file) throws IOException {
        for (Hold hold : all(file).found()) {
            if (isOurs(hold)) {
                return hold.holder().get().isSettled();
            }
        }
        return false;
    }
}
