package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.BackendAnswer;
import dev.reseat.api.service.diagnosis.Diagnosis.Diagnosed;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;

/**
 * Resets a volume's state: evidence, decision, plan, the driver's part, proof, and only then the database. After
 * Cinder's specification "Reset Volume State with Driver Involved". Repeatable: a volume that is in the wanted state
 * already is proved to be, and stays.
 */
public final class ResetStatus {
    private final Volumes volumes;
    private final ResetEvidence sources;
    private final ResetFlow flow;
    private final Journal journal;
    private final ComputeClient computes;

    @Inject
    ResetStatus(
            Volumes volumes, ResetEvidence sources, ResetFlow flow, Journal journal, ComputeClient computes) {
        this.volumes = volumes;
        this.sources = sources;
        this.flow = flow;
        this.journal = journal;
        this.computes = computes;
    }

    /**
     * @return what came of it; of one that nobody waits for, how far it got until the driver's part was cast
     * @throws ServiceException with nothing changed in the database, except that {@link ServiceException.Unknown}
     *     leaves it to the reconciler to find out what the driver has done
     */
    public ResetReport reset(RequestContext context, String volumeId, StateRequest request) {
        return reset(context, volumeId, request, computes.repairing());
    }

    /**
     * The same by a deadline, which no call that is made for it outlasts. What is begun and not at its end by then is
     * the reconciler's.
     */
    public ResetReport reset(RequestContext context, String volumeId, StateRequest request, Deadline deadline) {
        Volume volume = volumes.show(context, volumeId);
        ResetRules.check(volume, request);
        Diagnosed seen = sources.collect(context, volume, request, deadline);
        ResetPlan plan;
        try {
            plan = decide(volume, request, seen);
        } catch (ServiceException refused) {
            record(context, volume, request, seen, refused);
            throw refused;
        }
        try (var entry = open(context, volume, request)) {
            found(entry, Phase.DONE, seen.evidence());
            entry.step(ResetSteps.PLAN, Phase.DONE, Map.of("steps", plan.steps()));
            ResetSteps.Run run = apply(context, entry, volume, request, plan, seen.evidence(), deadline);
            return report(context, entry, volume, plan, seen.evidence(), run);
        } catch (NotOwner e) {
            throw new ServiceException.Unknown(e.getMessage(), "reseat journal show " + volumeId, e);
        }
    }

    /** The same path, ended after the plan. Changes nothing, journals nothing. */
    public ResetReport plan(RequestContext context, String volumeId, StateRequest request) {
        Volume volume = volumes.show(context, volumeId);
        ResetRules.check(volume, request);
        Diagnosed seen = sources.collect(context, volume, request, computes.repairing());
        ResetPlan plan = decide(volume, request, seen);
        BackendAnswer backend = seen.backend();
        return new ResetReport(
                volume.id(),
                Optional.empty(),
                state(volume),
                Optional.empty(),
                new DriverOutcome.Planned(backend.detail(), backend.connections()),
                seen.evidence().observations(),
                plan);
    }

    private static ResetPlan decide(Volume volume, StateRequest request, Diagnosed seen) {
        try {
            return ResetDecision.decide(volume, request, seen);
        } catch (ServiceException refused) {
            refused.restsOn(seen.evidence().observations());
            throw refused;
        }
    }

    /** A reset that does not ask the driver may take the place of an earlier one whose outcome is not known. */
    private Journal.Entry open(RequestContext context, Volume volume, StateRequest request) {
        return request.force().contains(Force.SKIP_DRIVER)
                ? journal.openOverUnknown(context, intention(volume, request))
                : journal.open(context, intention(volume, request));
    }

    private static Journal.Intention intention(Volume volume, StateRequest request) {
        return new Journal.Intention(
                JournalEntry.Kind.RESET, volume.id(), Optional.empty(), request.reason(), request, volume.guard());
    }

    /**
     * A refusal is kept with what it rests on; one that cannot be, because another repair is under way, is only told.
     */
    private void record(
            RequestContext context, Volume volume, StateRequest request, Diagnosed seen, ServiceException refused) {
        try (var entry = journal.open(context, intention(volume, request))) {
            found(entry, Phase.FAILED, seen.evidence());
            entry.settle(JournalEntry.State.UNDONE, refused.getMessage());
        } catch (ServiceException.Conflict underWay) {
            refused.addSuppressed(underWay);
        }
    }

    private ResetSteps.Run apply(
            RequestContext context, Journal.Entry entry, Volume volume, StateRequest request, ResetPlan plan,
            Evidence evidence, Deadline deadline) {
        try {
            return flow.run(context, entry, volume, request, plan, deadline);
        } catch (ServiceException e) {
            if (e.observations().isEmpty()) {
                e.restsOn(evidence.observations());
            }
            throw e;
        }
    }

    private ResetReport report(
            RequestContext context, Journal.Entry entry, Volume volume, ResetPlan plan, Evidence evidence,
            ResetSteps.Run run) {
        boolean waits = run.outcome() instanceof DriverOutcome.Sent;
        return new ResetReport(
                volume.id(),
                Optional.of(entry.id()),
                state(volume),
                waits ? Optional.empty() : Optional.of(state(volumes.show(context, volume.id()))),
                run.outcome(),
                evidence.with(run.proof().observations()).observations(),
                plan);
    }

    private static void found(Journal.Entry entry, Phase phase, Evidence evidence) {
        entry.step(ResetSteps.EVIDENCE, phase, Map.of("observations", evidence.observations()));
    }

    private static ResetReport.State state(Volume volume) {
        return new ResetReport.State(
                volume.status(), volume.attachStatus(), volume.migrationStatus(), volume.attachments().size());
    }
}
