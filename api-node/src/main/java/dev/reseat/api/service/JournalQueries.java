package dev.reseat.api.service;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalTable;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The journal as operators read it. */
public final class JournalQueries {
    private final Database database;
    private final JournalTable table;

    @Inject
    public JournalQueries(Database database, JournalTable table) {
        this.database = database;
        this.table = table;
    }

    /** What was done to a volume or block device mapping, newest first. */
    public List<JournalView> ofSubject(String subjectId, int limit) {
        return database.cinder()
                .transaction(tx -> table.ofSubject(tx, subjectId, limit)
                        .stream()
                        .map(entry -> view(tx, entry))
                        .toList());
    }

    /** One entry; empty if there is none, or the text is no id. */
    public Optional<JournalView> find(String id) {
        try {
            UUID uuid = UUID.fromString(id);
            return database.cinder().transaction(tx -> table.find(tx, uuid).map(entry -> view(tx, entry)));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    /** How many repairs are under way, cut off, or of unknown outcome. */
    public int unsettled() {
        return database.cinder().transaction(table::countUnsettled);
    }

    private JournalView view(Transaction tx, JournalEntry entry) {
        return new JournalView(
                entry.id(),
                entry.kind().name().toLowerCase(Locale.ROOT),
                entry.subjectId(),
                entry.requestId(),
                Optional.of(entry.userId()).filter(user -> !user.isEmpty()),
                entry.reason(),
                entry.state().name().toLowerCase(Locale.ROOT),
                entry.outcome(),
                entry.openedAt(),
                entry.closedAt(),
                table.steps(tx, entry.id())
                        .stream()
                        .map(step -> new JournalView.Step(
                                step.step(),
                                step.phase().name().toLowerCase(Locale.ROOT),
                                step.detailJson(),
                                step.at()))
                        .toList());
    }
}
