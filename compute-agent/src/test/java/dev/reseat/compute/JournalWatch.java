package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for what an agent, of this process or another, writes into its journal. Opened before it writes. */
final class JournalWatch implements AutoCloseable {
    private final Path state;
    private final WatchService changes;

    JournalWatch(Path state) throws IOException {
        this.state = state;
        Path directory = Files.createDirectories(state.resolve("removals"));
        changes = directory.getFileSystem().newWatchService();
        directory.register(changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE,
                StandardWatchEventKinds.ENTRY_MODIFY);
    }

    /** Returns when the unfinished removals are as wished. */
    void await(Duration limit, Predicate<List<Removal>> wished) throws InterruptedException {
        var deadline = Deadline.after(limit);
        while (!wished.test(new RemovalJournal(state).unfinished())) {
            WatchKey key = changes.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            assertThat(key).as("a change of the journal in time").isNotNull();
            key.pollEvents();
            key.reset();
        }
    }

    @Override
    public void close() throws IOException {
        changes.close();
    }
}
