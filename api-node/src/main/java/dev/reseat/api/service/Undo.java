package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Takes one repair back, by what the journal keeps of the state before it: where an exact inverse exists, and only
 * while everything is as the repair has left it. The way back is a repair itself, by the same use case: all sources
 * that it concerns are asked again, and it is journalled.
 */
public final class Undo {
    private final Journal journal;
    private final ResetVolume resets;
    private final ComputeClient computes;
    private final Remedies remedies;

    @Inject
    Undo(Journal journal, ResetVolume resets, ComputeClient computes, Remedies remedies) {
        this.journal = journal;
        this.resets = resets;
        this.computes = computes;
        this.remedies = remedies;
    }

    /** What {@link #undo} would meet now. Changes nothing, journals nothing. */
    public UndoReport dryRun(RequestContext context, String entryId, Optional<String> reason) {
        JournalEntry entry = done(entryId);
        return switch (inverse(entry)) {
            case Inverse.Status back ->
                report(entry, back, resets.plan(context, back.left(), request(entry, back, reason)));
            case Inverse.Mapping back -> {
                RemedyOrder order = order(entry);
                remedies.check(context, order);
                yield report(entry, back, order, Optional.empty());
            }
            case Inverse.None none -> throw refusal(entry, none.why());
        };
    }

    /**
     * @throws ServiceException.NotFound if there is no such entry
     * @throws ServiceException.Conflict if it cannot be undone, or somebody has changed the volume since
     * @throws ServiceException as the use case that does it
     */
    public UndoReport undo(RequestContext context, String entryId, Optional<String> reason) {
        JournalEntry entry = done(entryId);
        return switch (inverse(entry)) {
            case Inverse.Status back -> report(entry, back, resets.reset(
                    context, back.left(), request(entry, back, reason), computes.repairing()));
            case Inverse.Mapping back -> {
                RemedyOrder order = order(entry);
                UUID done = remedies.run(
                        context, order, Optional.of(why(entry, reason)), List.of(), computes.repairing());
                yield report(entry, back, order, Optional.of(done));
            }
            case Inverse.None none -> throw refusal(entry, none.why());
        };
    }

    private JournalEntry done(String entryId) {
        JournalEntry entry = parsed(entryId)
                .flatMap(journal::find)
                .orElseThrow(() -> new ServiceException.NotFound("The journal has no entry " + entryId + "."));
        if (entry.state() != JournalEntry.State.DONE) {
            throw refusal(entry, "it is " + entry.state().name().toLowerCase(Locale.ROOT) + ", not done");
        }
        return entry;
    }

    private static Optional<UUID> parsed(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Inverse inverse(JournalEntry entry) {
        return switch (entry.kind()) {
            case RESET -> ResetRules.inverse(
                    JsonText.read(entry.beforeJson(), Volume.Guard.class),
                    JsonText.read(entry.requestJson(), StateRequest.class));
            case REFRESH -> RefreshPlan.INVERSE;
            case FENCE -> ClientFencing.INVERSE;
            case REPAIR -> {
                RemedyOrder order = JsonText.read(entry.requestJson(), RemedyOrder.class);
                yield remedies.of(order.repair()).orElseThrow().inverse(order);
            }
        };
    }

    private static RemedyOrder order(JournalEntry entry) {
        return JsonText.read(entry.requestJson(), RemedyOrder.class).inverted();
    }

    private static StateRequest request(JournalEntry entry, Inverse.Status back, Optional<String> reason) {
        return new StateRequest(
                Optional.of(back.status()), Optional.empty(), Optional.empty(), Set.of(),
                Optional.of(why(entry, reason)));
    }

    private static String why(JournalEntry entry, Optional<String> reason) {
        return reason.orElse("undo of journal entry " + entry.id());
    }

    private UndoReport report(JournalEntry entry, Inverse how, RemedyOrder order, Optional<UUID> done) {
        return new UndoReport(
                entry.id(), entry.subjectId(), how, remedies.of(order.repair()).orElseThrow().texts(order), done,
                List.of());
    }

    private static UndoReport report(JournalEntry entry, Inverse how, ResetReport done) {
        return new UndoReport(
                entry.id(), done.volumeId(), how, done.plan().texts(), done.journal(), done.observations());
    }

    private static ServiceException refusal(JournalEntry entry, String why) {
        return new ServiceException.Conflict(
                ErrorCode.CANNOT_BE_UNDONE,
                "Journal entry " + entry.id() + " of volume " + entry.subjectId() + " cannot be undone: " + why + ".",
                "reseat diagnose " + entry.subjectId());
    }
}
