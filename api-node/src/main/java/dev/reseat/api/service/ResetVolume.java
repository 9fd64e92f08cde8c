package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.BackendAnswer;
import dev.reseat.api.service.diagnosis.Diagnosis.Diagnosed;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Resets a volume's state: evidence, decision, plan, the driver's part, proof, and only then the database. After
 * Cinder's specification "Reset Volume State with Driver Involved". Repeatable: a volume that is in the wanted state
 * already is proved to be, and stays.
 */
public final class ResetVolume {
    private static final Set<JournalEntry.Kind> AT_THE_BACKEND =
            EnumSet.of(JournalEntry.Kind.RESET, JournalEntry.Kind.FENCE);

    private final Volumes volumes;
    private final ResetEvidence sources;
    private final ResetFlow flow;
    private final Journal journal;
    private final ComputeClient computes;

    @Inject
    ResetVolume(
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
        return reset(context, rows(context, volumeId), request, deadline);
    }

    /** The same on rows that were just read: if the volume is another one when it comes to that, nothing is changed. */
    public ResetReport reset(RequestContext context, VolumeRows rows, StateRequest request) {
        return reset(context, rows, request, computes.repairing());
    }

    /**
     * The same of a volume that must still be as somebody has seen it.
     *
     * @throws ServiceException.Conflict if it is not: nothing was done
     */
    ResetReport reset(RequestContext context, Volume.Guard seen, StateRequest request, Deadline deadline) {
        return reset(context, rows(unchanged(context, seen)), request, deadline);
    }

    private ResetReport reset(RequestContext context, VolumeRows rows, StateRequest request, Deadline deadline) {
        Volume volume = rows.volume();
        ResetRules.check(volume, request);
        Diagnosed seen = sources.collect(context, rows, request, deadline);
        ResetPlan plan;
        try {
            plan = decide(volume, request, seen);
        } catch (ServiceException refused) {
            record(context, volume, request, seen, refused);
            throw refused;
        }
        boolean casts = flow.casts(volume, request, plan);
        Map<String, Map<String, Object>> told = new LinkedHashMap<>();
        told.put(ResetSteps.EVIDENCE, Map.of("observations", seen.evidence().observations()));
        told.put(ResetSteps.PLAN, Map.of("steps", plan.steps()));
        try (var entry = casts
                ? journal.openWithCast(
                        context, intention(volume, request), told, ResetSteps.DRIVER, flow.reportTimeout())
                : open(context, volume, request)) {
            ResetSteps.Run run = resting(seen.evidence(), () -> {
                if (casts) {
                    return flow.cast(context, entry, volume, request, plan, deadline);
                }
                told.forEach((step, detail) -> entry.later(step, Phase.DONE, detail));
                return flow.run(context, entry, volume, request, plan, deadline);
            });
            return report(context, entry, volume, plan, seen.evidence(), run);
        } catch (NotOwner e) {
            throw new ServiceException.Unknown(e.getMessage(), "reseat journal show " + volume.id(), e);
        }
    }

    /** The same path, ended after the plan. Changes nothing, journals nothing. */
    public ResetReport plan(RequestContext context, String volumeId, StateRequest request) {
        return plan(context, rows(context, volumeId), request);
    }

    /** The same of a volume that must still be as somebody has seen it. */
    ResetReport plan(RequestContext context, Volume.Guard seen, StateRequest request) {
        return plan(context, rows(unchanged(context, seen)), request);
    }

    /** The same on rows that were just read. */
    public ResetReport plan(RequestContext context, VolumeRows rows, StateRequest request) {
        Volume volume = rows.volume();
        ResetRules.check(volume, request);
        Diagnosed seen = sources.collect(context, rows, request, computes.repairing());
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

    private Volume unchanged(RequestContext context, Volume.Guard seen) {
        Volume volume = volumes.show(context, seen.id());
        if (!volume.guard().equals(seen)) {
            throw new ServiceException.Conflict(
                    ErrorCode.CHANGED_MEANWHILE,
                    "Volume " + seen.id() + " was " + seen.status() + " with " + seen.attachmentIds().size()
                            + " attachments and is " + volume.status() + " with " + volume.attachments().size()
                            + " now, or otherwise changed; nothing was done.",
                    "reseat volume show " + seen.id());
        }
        return volume;
    }

    private VolumeRows rows(RequestContext context, String volumeId) {
        return rows(volumes.show(context, volumeId));
    }

    private VolumeRows rows(Volume volume) {
        return sources.rows(List.of(volume)).getFirst();
    }

    /** Of many volumes at once, by volume; those that there are not are not in it. */
    public Map<String, VolumeRows> rows(RequestContext context, Collection<String> volumeIds) {
        return sources.rows(volumes.showAll(context, volumeIds.stream().distinct().toList()))
                .stream()
                .collect(Collectors.toMap(rows -> rows.volume().id(), rows -> rows));
    }

    private static ResetPlan decide(Volume volume, StateRequest request, Diagnosed seen) {
        try {
            return ResetDecision.decide(volume, request, seen);
        } catch (ServiceException refused) {
            refused.restsOn(seen.evidence().observations());
            throw refused;
        }
    }

    /** What an earlier repair did at the backend does not matter to a reset that does not ask the driver. */
    private Journal.Entry open(RequestContext context, Volume volume, StateRequest request) {
        return request.force().contains(Force.SKIP_DRIVER)
                ? journal.openOverUnknown(context, intention(volume, request), AT_THE_BACKEND)
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
            entry.later(ResetSteps.EVIDENCE, Phase.FAILED, Map.of("observations", seen.evidence().observations()));
            entry.settle(JournalEntry.State.UNDONE, refused.getMessage());
        } catch (ServiceException.Conflict underWay) {
            refused.addSuppressed(underWay);
        }
    }

    /** A failure that says nothing else rests on what was seen before. */
    private static ResetSteps.Run resting(Evidence evidence, Supplier<ResetSteps.Run> way) {
        try {
            return way.get();
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

    private static ResetReport.State state(Volume volume) {
        return new ResetReport.State(
                volume.status(), volume.attachStatus(), volume.migrationStatus(), volume.attachments().size());
    }
}
