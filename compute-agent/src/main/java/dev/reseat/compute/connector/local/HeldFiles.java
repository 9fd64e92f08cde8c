package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.ConnectorException;
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
 * the agent; it carries this host's name and the file's in its environment. That and {@code /proc/locks} are the record:
 * there is no file to go stale, and no moment between starting the process and noting it.
 */
final class HeldFiles {
    private static final String HOST = "RESEAT_HOST";
    private static final String FILE = "RESEAT_HELD_FILE";
    private static final String HELD = "held";
    private static final String SLEEP = "sleep";
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final LocalConfig config;
    private final FileLocks locks;

    @Inject
    HeldFiles(LocalConfig config, FileLocks locks) {
        this.config = config;
        this.locks = locks;
    }

    /**
     * Who has a lock on a file.
     *
     * @param process empty if the kernel does not say (locks of open file descriptions)
     */
    record Hold(Optional<Long> process, Owner owner) {
        @Override
        public String toString() {
            return process.map(pid -> "process " + pid).orElse("a process") + switch (owner) {
                case THIS_HOST -> ", held for this host";
                case OTHER_HOST -> ", held for another host on this machine";
                case STRANGER -> "";
            };
        }
    }

    enum Owner {
        THIS_HOST,
        OTHER_HOST,
        STRANGER
    }

    /** When this returns, the file is held for this host. */
    void take(Path file) throws IOException {
        List<Hold> there = holds(file);
        if (there.stream().anyMatch(hold -> hold.owner() == Owner.THIS_HOST))
            return;
        if (!there.isEmpty())
            throw new ConnectorException.Busy(file + " is locked by " + there.getFirst());
        start(file);
    }

    /** When this returns, nobody on this machine has a lock on the file, save other hosts simulated on it. */
    void release(Path file) throws IOException {
        for (Hold hold : holds(file)) {
            if (hold.owner() == Owner.THIS_HOST)
                hold.process()
                        .flatMap(ProcessHandle::of)
                        .filter(found -> isOurs(found.pid(), file))
                        .ifPresent(ProcessHandle::destroy);
        }
        if (!ReadBack.within(SETTLING, () -> holdsOn(file).isEmpty()))
            throw new ConnectorException.Busy(
                    file + " is locked by " + holdsOn(file).stream().findFirst().map(Hold::toString).orElse("-"));
    }

    /** The locks on the file, without those held for other hosts on this machine. */
    List<Hold> holdsOn(Path file) throws IOException {
        return holds(file).stream().filter(hold -> hold.owner() != Owner.OTHER_HOST).toList();
    }

    private List<Hold> holds(Path file) throws IOException {
        return locks.on(file).stream().map(process -> new Hold(process, owner(process, file))).toList();
    }

    private Owner owner(Optional<Long> process, Path file) {
        Optional<String> host = process.flatMap(pid -> host(pid, file));
        if (host.isEmpty())
            return Owner.STRANGER;
        return host.get().equals(config.host()) ? Owner.THIS_HOST : Owner.OTHER_HOST;
    }

    private boolean isOurs(long pid, Path file) {
        return host(pid, file).filter(config.host()::equals).isPresent();
    }

    private static Optional<String> host(long pid, Path file) {
        try {
            List<String> variables = Stream.of(Files.readString(Path.of("/proc", Long.toString(pid), "environ"))
                    .split("\0", -1)).toList();
            if (!variables.contains(FILE + "=" + file))
                return Optional.empty();
            return variables.stream()
                    .filter(word -> word.startsWith(HOST + "="))
                    .findFirst()
                    .map(word -> word.substring(HOST.length() + 1));
        } catch (IOException e) {
            return Optional.empty(); // gone meanwhile, or somebody else's
        }
    }

    /**
     * Not a command that ends, so not a matter of {@code process}. flock takes the lock and becomes the shell, which says
     * so and becomes the sleep; it is one process id from start to end.
     */
    private void start(Path file) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "setsid", "flock", "--exclusive", "--nonblock", "--no-fork", file.toString(),
                "sh", "-c", "echo " + HELD + " && exec " + SLEEP + " infinity")
                .directory(Path.of("/").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH")); // whoever may read our environment: no secrets of the agent's
        environment.put(HOST, config.host());
        environment.put(FILE, file.toString());
        Process process = builder.start();
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            if (HELD.equals(line) && ReadBack.within(SETTLING, () -> isHeldForGood(file)))
                return;
            process.destroy();
            if (HELD.equals(line))
                throw new ConnectorException.Failed(file + " is locked, but the kernel does not show the lock");
            throw new ConnectorException.Busy(
                    file + " cannot be locked: " + (line == null ? "somebody else has the lock" : line));
        }
    }

    /** While a process becomes another program, its environment cannot be read. */
    private boolean isHeldForGood(Path file) throws IOException {
        for (Hold hold : holds(file)) {
            if (hold.owner() == Owner.THIS_HOST && hold.process().isPresent())
                return Files.readString(Path.of("/proc", hold.process().get().toString(), "comm"))
                        .strip()
                        .equals(SLEEP);
        }
        return false;
    }
}
