package dev.reseat.rpc.transport.rabbit;

import dev.reseat.runtime.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code use_queue_manager}: fanout and reply queues get names that are the same after a restart, so that it leaves no
 * queues behind that have to expire.
 *
 * @param host {@code hostname}; the system's name by default
 * @param process {@code processname}; if empty, the name of the program
 * @param locks {@code [oslo_concurrency] lock_path}
 */
public record ManagedNames(String host, Optional<String> process, Path locks) {
    public ManagedNames {
        for (String name : List.of(host, process.orElse(""))) {
            if (name.indexOf('/') >= 0) {
                throw new IllegalArgumentException(
                        "hostname and processname are part of a file's name and cannot have a '/': " + name);
            }
        }
    }

    static Optional<ManagedNames> from(Options options) {
        boolean used = options.flag("use_queue_manager", false);
        Optional<String> host = options.text("hostname");
        Optional<String> process = options.text("processname");
        Optional<Path> locks = options.lockPath();
        if (!used) {
            return Optional.empty();
        }
        return options.together(
                () -> Optional.of(new ManagedNames(host.orElseGet(Settings::systemName), process, required(locks))),
                Optional::empty);
    }

    private static Path required(Optional<Path> locks) {
        return locks.orElseThrow(
                () -> new IllegalArgumentException("use_queue_manager needs [oslo_concurrency] lock_path"));
    }
}
