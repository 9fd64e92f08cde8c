package dev.reseat.compute.connector;

import dev.reseat.host.ExternalLocks;
import dev.reseat.host.FileId;
import dev.reseat.host.Findings;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The lock that os-brick holds around each connect and disconnect, in nova-compute's {@code lock_path}: with it there
 * is one of them at a time on this host, whoever works. Where it is not shown that nova-compute uses the same folder,
 * nothing is connected or disconnected here.
 */
public final class OsBrickLock {
    private static final String NAME = "os-brick-connect_volume";

    private final Optional<Path> directory;
    private final Optional<ExternalLocks> locks;
    private final NovaProcesses nova;

    /** @param directory {@code [os_brick] lock_path}, else {@code [oslo_concurrency] lock_path} */
    public OsBrickLock(Optional<Path> directory, NovaProcesses nova) {
        this.directory = directory;
        this.locks = directory.map(ExternalLocks::new);
        this.nova = nova;
    }

    /**
     * Returns when nobody else connects or disconnects on this host, until it is closed.
     *
     * @throws ConnectorException.Refused if it cannot be shown that nova-compute takes the same lock
     * @throws ConnectorException.Busy if somebody else has it until the deadline
     */
    public ExternalLocks.Held hold(Deadline deadline) {
        try {
            return shared().hold(NAME, deadline);
        } catch (ExternalLocks.NotHeld e) {
            throw new ConnectorException.Busy(e.getMessage());
        }
    }

    /** @throws ConnectorException.Refused as {@link #hold} does, without waiting for anybody */
    public void requireShared() {
        shared();
    }

    private ExternalLocks shared() {
        ExternalLocks shared = locks.orElseThrow(() -> new ConnectorException.Refused(
                "neither [os_brick] lock_path nor [oslo_concurrency] lock_path is set as for nova-compute: nothing is"
                        + " connected or disconnected here, since its os-brick could not be kept out"));
        doubt().ifPresent(reason -> {
            throw new ConnectorException.Refused("nothing is connected or disconnected here: " + reason);
        });
        return shared;
    }

    /** Why nova-compute may be using another folder. */
    private Optional<String> doubt() {
        Path folder = directory.orElseThrow();
        Findings<Path> running = nova.running();
        if (!running.doubts().isEmpty()) {
            return Optional.of(String.join("; ", running.doubts()));
        }
        try {
            Optional<FileId> ours = Optional.of(FileId.of(folder));
            for (Path process : running.found()) {
                if (!seesThere(process, folder).equals(ours)) {
                    return Optional.of("nova-compute (process " + process.getFileName() + ") has another folder at "
                            + folder);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("lock_path " + folder + " cannot be looked at: " + e);
        }
    }

    private static Optional<FileId> seesThere(Path process, Path folder) throws IOException {
        try {
            return Optional.of(FileId.of(process.resolve("root").resolve(folder.toString().substring(1))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
