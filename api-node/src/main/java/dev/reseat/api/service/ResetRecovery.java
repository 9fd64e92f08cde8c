package dev.reseat.api.service;

import dev.reseat.api.evidence.Judgement;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.diagnosis.BackendAnswer;
import dev.reseat.api.service.diagnosis.Diagnosis.Diagnosed;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out what became of a reset that was cut off. Every source is asked what it shows, and
 * nobody told to do anything: if the driver had finished, and nobody has a claim on the volume, the database follows as
 * it would have; otherwise nothing is changed and the operator may run it again.
 */
final class ResetRecovery implements Recovery {
    private final Volumes volumes;
    private final ResetEvidence sources;
    private final ResetCommit commit;

    @Inject
    ResetRecovery(Volumes volumes, ResetEvidence sources, ResetCommit commit) {
        this.volumes = volumes;
        this.sources = sources;
        this.commit = commit;
    }

    @Override
    public void settle(RequestContext context, Journal.Entry entry, JournalEntry row, boolean patient) {
        StateRequest request = JsonText.read(row.requestJson(), StateRequest.class);
        Volume.Guard guard = JsonText.read(row.beforeJson(), Volume.Guard.class);
        Optional<Volume> found = find(context, row.subjectId());
        if (found.isEmpty() || !found.get().guard().equals(guard)) {
            entry.settle(JournalEntry.State.SUPERSEDED, "the volume was changed by somebody else meanwhile");
            return;
        }
        Volume volume = found.get();
        Optional<String> shape = ResetRules.shape(volume, request);
        if (shape.isEmpty() || request.force().contains(Force.SKIP_DRIVER)) {
            entry.settle(JournalEntry.State.UNDONE, "cut off before anything was changed; run it again");
            return;
        }
        Diagnosed seen = sources.afterCrash(context, volume);
        entry.step("evidence", Phase.DONE, Map.of("observations", seen.evidence().observations()));
        switch (finished(volume, shape.get(), seen)) {
            case YES -> follow(context, entry, volume, request);
            case NO -> entry.settle(
                    JournalEntry.State.UNDONE,
                    "the driver had not finished, or somebody uses the volume;"
                            + " nothing was changed in the database; run it again");
            case UNKNOWN -> {
                String why = "it cannot be told what the driver had done, or whether the volume is used;"
                        + " nothing was changed in the database";
                if (patient) {
                    entry.leaveUnknown(why);
                } else {
                    entry.settle(JournalEntry.State.UNDONE, why);
                }
            }
        }
    }

    private void follow(RequestContext context, Journal.Entry entry, Volume volume, StateRequest request) {
        String outcome = "cut off after the driver had finished; the backend shows it";
        if (!commit.commit(context, entry, volume.guard(), request, outcome)) {
            entry.settle(JournalEntry.State.SUPERSEDED, "the volume was changed by somebody else meanwhile");
        }
    }

    private Optional<Volume> find(RequestContext context, String id) {
        try {
            return Optional.of(volumes.show(context, id));
        } catch (ServiceException.NotFound e) {
            return Optional.empty(); // deleted meanwhile: nothing left to settle
        }
    }

    /** Whether the backend has the wanted shape, and nobody has a claim on a volume that would be given free. */
    private static Answer finished(Volume volume, String shape, Diagnosed seen) {
        if (!(seen.backend() instanceof BackendAnswer.Described described) || !described.result().supported()) {
            return Answer.UNKNOWN;
        }
        return shape.equals("available")
                ? gone(described.connections()).and(free(seen))
                : back(volume, described.connections());
    }

    private static Answer free(Diagnosed seen) {
        return switch (seen.evidence().judge(ResetDecision.BESIDE_A_PROOF)) {
            case Judgement.Free _ -> Answer.YES;
            case Judgement.Claimed _ -> Answer.NO;
            case Judgement.Unknown _ -> Answer.UNKNOWN;
        };
    }

    private static Answer gone(List<BackendConnection> connections) {
        Answer some = Answer.NO;
        for (BackendConnection connection : connections) {
            some = some.or(connection.exported().or(connection.inUse()));
        }
        return some.not();
    }

    private static Answer back(Volume volume, List<BackendConnection> connections) {
        Answer all = Answer.YES;
        for (var attachment : volume.attachments()) {
            Answer exported = Answer.NO;
            for (BackendConnection connection : connections) {
                if (connection.attachmentId().equals(Optional.of(attachment.id()))) {
                    exported = exported.or(connection.exported());
                }
            }
            all = all.and(exported);
        }
        return all;
    }
}
