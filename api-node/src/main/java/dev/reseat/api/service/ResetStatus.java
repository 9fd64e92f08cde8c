package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Resets a volume's state, driver first: the database changes only after the backend's driver has answered. After
 * Cinder's specification "Reset Volume State with Driver Involved". Repeatable: a volume that is in the wanted state
 * already is proved to be, and stays.
 */
public final class ResetStatus {
    private static final String DRIVER = "driver";

    private final Volumes volumes;
    private final DriverStep driver;
    private final ResetCommit commit;
    private final Journal journal;

    @Inject
    ResetStatus(Volumes volumes, DriverStep driver, ResetCommit commit, Journal journal) {
        this.volumes = volumes;
        this.driver = driver;
        this.commit = commit;
        this.journal = journal;
    }

    /**
     * @throws ServiceException with nothing changed in the database, except that {@link ServiceException.Unknown} leaves
     *     it to the reconciler to find out what the driver has done
     */
    public ResetReport reset(RequestContext context, String volumeId, StateRequest request) {
        Volume volume = volumes.show(context, volumeId);
        ResetRules.check(volume, request);
        var intention = new Journal.Intention(
                JournalEntry.Kind.RESET, volumeId, Optional.empty(), request.reason(), request, volume.guard());
        try (var entry = open(context, volume, request, intention)) {
            DriverStep.Answered answered = askDriver(context, entry, volume, request);
            String outcome = "driver " + answered.driver() + ": " + answered.detail();
            var guard = answered.rowsChanged() ? volumes.show(context, volumeId).guard() : volume.guard();
            if (!commit.commit(context, entry, guard, request, outcome)) {
                entry.settle(JournalEntry.State.SUPERSEDED, "the volume was changed by somebody else meanwhile");
                throw new ServiceException.Conflict(
                        "Volume " + volumeId + " was changed by somebody else meanwhile; its state was not reset.",
                        "reseat volume show " + volumeId);
            }
            var after = state(volumes.show(context, volumeId));
            return report(volume, Optional.of(entry.id()), Optional.of(after), answered);
        } catch (NotOwner e) {
            throw new ServiceException.Unknown(e.getMessage(), "reseat journal show " + volumeId, e);
        }
    }

    /** Only a reset that nothing else refuses may take the place of an earlier one whose outcome is not known. */
    private Journal.Entry open(
            RequestContext context, Volume volume, StateRequest request, Journal.Intention intention) {
        if (!request.force().contains(Force.SKIP_DRIVER)) {
            return journal.open(context, intention);
        }
        driver.refuseIfHostUses(context, volume);
        return journal.openOverUnknown(context, intention);
    }

    /** What {@link #reset} would meet now: preconditions and evidence. Changes nothing, journals nothing. */
    public ResetReport plan(RequestContext context, String volumeId, StateRequest request) {
        Volume volume = volumes.show(context, volumeId);
        ResetRules.check(volume, request);
        return report(volume, Optional.empty(), Optional.empty(), driver.look(context, volume, request));
    }

    private DriverStep.Answered askDriver(
            RequestContext context, Journal.Entry entry, Volume volume, StateRequest request) {
        entry.step(DRIVER, Phase.BEGUN, Map.of("host", volume.host().orElse("-")));
        try {
            DriverStep.Answered answered = driver.run(context, volume, request);
            entry.step(DRIVER, Phase.DONE, details(answered));
            return answered;
        } catch (ServiceException.Unknown e) {
            entry.step(DRIVER, Phase.UNKNOWN, Map.of("detail", e.getMessage()));
            entry.leaveUnknown(e.getMessage());
            throw e;
        } catch (ServiceException e) {
            entry.step(DRIVER, Phase.FAILED, Map.of("detail", e.getMessage()));
            entry.settle(JournalEntry.State.UNDONE, e.getMessage());
            throw e;
        }
    }

    private static Map<String, Object> details(DriverStep.Answered answered) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("answer", answered.driver());
        details.put("detail", answered.detail());
        answered.performer().ifPresent(performer -> details.put("performer", performer.program()));
        return details;
    }

    private static ResetReport report(
            Volume volume, Optional<UUID> entry, Optional<ResetReport.State> after, DriverStep.Answered answered) {
        return new ResetReport(
                volume.id(),
                entry,
                state(volume),
                after,
                answered.driver(),
                answered.detail(),
                answered.performer().map(Performer::program),
                answered.connections());
    }

    private static ResetReport.State state(Volume volume) {
        return new ResetReport.State(
                volume.status(), volume.attachStatus(), volume.migrationStatus(), volume.attachments().size());
    }
}
