package dev.reseat.api.flow;

import dev.reseat.api.store.journal.JournalStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The lines of one entry as whoever works on it knows them. Nobody else adds any while its claim holds, so what is
 * stored is read once. For one thread.
 */
final class Story {
    private final List<JournalStep> pending = new ArrayList<>();
    private Optional<List<JournalStep>> stored;

    private Story(Optional<List<JournalStep>> stored) {
        this.stored = stored;
    }

    /** Of an entry that is new. */
    static Story untold() {
        return new Story(Optional.of(new ArrayList<>()));
    }

    /** Of an entry that others have worked on. */
    static Story unread() {
        return new Story(Optional.empty());
    }

    /** It is stored with whatever is written of the entry next. */
    void add(JournalStep line) {
        pending.add(line);
    }

    /** What is not stored yet. */
    List<JournalStep> pending() {
        return List.copyOf(pending);
    }

    /** What was pending is stored, so. */
    void wrote(List<JournalStep> lines) {
        stored.ifPresent(all -> all.addAll(lines));
        pending.clear();
    }

    /** What is stored may be more, or less: it has to be read again. */
    void doubt() {
        stored = Optional.empty();
        pending.clear();
    }

    /** All of it, in order. */
    List<JournalStep> lines(Supplier<List<JournalStep>> reader) {
        List<JournalStep> all = stored.orElseGet(() -> new ArrayList<>(reader.get()));
        stored = Optional.of(all);
        return Stream.concat(all.stream(), pending.stream()).toList();
    }
}
