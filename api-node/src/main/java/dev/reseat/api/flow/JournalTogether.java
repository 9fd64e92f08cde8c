package dev.reseat.api.flow;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.Gathered;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.CastReport;
import dev.reseat.api.store.journal.CastStepKey;
import dev.reseat.api.store.journal.CastStepTable;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.ProcessLeases;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What many repairs want of the journal at the same time, done for all of them in one transaction; where that is not
 * possible, for each alone. Thread-safe.
 */
final class JournalTogether {
    private static final int AT_ONCE = 50;

    private final Database database;
    private final JournalTable table;
    private final ProcessLeases owners;
    private final InstantSource clock;
    private final CastStepTable casts = new CastStepTable();
    private final Gathered<UUID, Optional<JournalEntry>> entries = new Gathered<>(AT_ONCE, this::findAll);
    private final Gathered<UUID, List<JournalStep>> stories = new Gathered<>(AT_ONCE, this::storiesOf);
    private final Gathered<FirstCast, FirstCast> firstCasts = new Gathered<>(AT_ONCE, this::openAll);
    private final Gathered<CastStepKey, Boolean> admissions = new Gathered<>(AT_ONCE, this::admitAll);
    private final Gathered<CastReport, Optional<JournalEntry>> reports = new Gathered<>(AT_ONCE, this::reportAll);

    JournalTogether(Database database, JournalTable table, ProcessLeases owners, InstantSource clock) {
        this.database = database;
        this.table = table;
        this.owners = owners;
        this.clock = clock;
    }

    /** An entry that is opened with a step that is cast, and belongs to nobody until its report comes. */
    record FirstCast(JournalEntry row, String step, Duration within, List<JournalStep> lines) {
        FirstCast {
            lines = List.copyOf(lines);
        }

        CastStepKey key() {
            return new CastStepKey(row.id(), step, row.epoch());
        }
    }

    Optional<JournalEntry> find(UUID id) {
        return entries.ask(id);
    }

    private List<Optional<JournalEntry>> findAll(List<UUID> ids) {
        Map<UUID, JournalEntry> there = database.cinder().transaction(tx -> table.findAll(tx, ids));
        return ids.stream().map(id -> Optional.ofNullable(there.get(id))).toList();
    }

    List<JournalStep> story(UUID id) {
        return stories.ask(id);
    }

    private List<List<JournalStep>> storiesOf(List<UUID> ids) {
        Map<UUID, List<JournalStep>> there = database.cinder()
                .transaction(tx -> table.steps(tx, ids))
                .stream()
                .collect(Collectors.groupingBy(JournalStep::entry));
        return ids.stream().map(id -> there.getOrDefault(id, List.of())).toList();
    }

    /** @throws dev.reseat.api.store.StoreException.Conflict if an entry of its subject is unsettled */
    void open(FirstCast cast) {
        firstCasts.ask(cast);
    }

    /** A volume that is being repaired stands in the way of its own entry only. */
    private List<FirstCast> openAll(List<FirstCast> asked) {
        if (asked.stream().map(FirstCast::within).distinct().count() > 1) {
            throw new Gathered.Apart();
        }
        database.cinder().run(tx -> {
            openAll(tx, asked.stream().map(FirstCast::row).toList());
            casts.sendAll(tx, asked.stream().map(FirstCast::key).toList(), asked.getFirst().within(), clock.instant());
            table.tell(tx, asked.stream().flatMap(one -> one.lines().stream()).toList());
        });
        return asked;
    }

    private void openAll(Transaction tx, List<JournalEntry> rows) {
        if (rows.size() == 1) {
            table.open(tx, rows.getFirst());
        } else if (!table.openAll(tx, rows)) {
            throw new Gathered.Apart();
        }
    }

    boolean admit(CastStepKey step) {
        return admissions.ask(step);
    }

    private List<Boolean> admitAll(List<CastStepKey> asked) {
        Set<CastStepKey> admitted = database.cinder().transaction(tx -> casts.admit(tx, asked, clock.instant()));
        return asked.stream().map(admitted::contains).toList();
    }

    Optional<JournalEntry> report(CastReport told) {
        return reports.ask(told);
    }

    private List<Optional<JournalEntry>> reportAll(List<CastReport> told) {
        if (told.size() == 1) {
            CastReport one = told.getFirst();
            Optional<JournalEntry> taken = database.cinder()
                    .transaction(tx -> casts.report(tx, one.entry(), one.told(), owners.own(), clock.instant()));
            return List.of(taken);
        }
        Map<UUID, JournalEntry> all = database.cinder()
                .transaction(tx -> casts.reportAll(tx, told, owners.own(), clock.instant())
                        .orElseThrow(Gathered.Apart::new));
        return told.stream().map(one -> Optional.ofNullable(all.get(one.entry()))).toList();
    }
}
