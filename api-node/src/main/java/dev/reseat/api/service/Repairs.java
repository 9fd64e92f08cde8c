package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Does what the decision table calls safe, by the use cases that do it for a person too: they ask all sources again,
 * write the journal and keep every other repair of the volume out. Thread-safe.
 */
public final class Repairs {
    private final DiagnoseVolumes diagnoses;
    private final ResetStatus resets;
    private final RefreshAttachment refreshes;
    private final BlockDevices devices;
    private final ComputeClient computes;

    @Inject
    public Repairs(
            DiagnoseVolumes diagnoses,
            ResetStatus resets,
            RefreshAttachment refreshes,
            BlockDevices devices,
            ComputeClient computes) {
        this.diagnoses = diagnoses;
        this.resets = resets;
        this.refreshes = refreshes;
        this.devices = devices;
        this.computes = computes;
    }

    /**
     * Looks and decides. Changes nothing.
     *
     * @param reason why, recorded
     */
    public RepairPlan plan(RequestContext context, String volumeId, Optional<String> reason) {
        return plan(diagnoses.diagnose(context, volumeId), reason);
    }

    /**
     * Looks, decides and does it.
     *
     * @throws ServiceException.Conflict if a person has to do it; with what was seen and the next command
     * @throws ServiceException as the use case that does it
     */
    public RepairReport repair(RequestContext context, String volumeId, Optional<String> reason) {
        Deadline deadline = computes.repairing();
        RepairPlan plan = plan(diagnoses.diagnose(context, volumeId, deadline), reason);
        RepairReport done = apply(context, plan, Wait.FOR_ANSWER, deadline);
        return plan instanceof RepairPlan.Nothing
                ? done
                : new RepairReport(
                        done.before(), done.steps(), done.journal(),
                        Optional.of(diagnoses.diagnose(context, volumeId, deadline)));
    }

    /**
     * Does what was planned, and does not look again afterwards. If nobody waits for it, its journal entry may be open
     * still when this returns: a worker's report carries it on.
     *
     * @throws ServiceException as {@link #repair}
     */
    public RepairReport apply(RequestContext context, RepairPlan plan, Wait waiting) {
        return apply(context, plan, waiting, computes.repairing());
    }

    private RepairReport apply(RequestContext context, RepairPlan plan, Wait waiting, Deadline deadline) {
        return switch (plan) {
            case RepairPlan.Nothing nothing -> report(nothing, List.of(), Optional.empty());
            case RepairPlan.ByHand byHand -> throw refusal(byHand);
            case RepairPlan.Reset reset -> {
                ResetReport done = resets.reset(
                        context, reset.diagnosis().volume().id(), reset.request().waiting(waiting), deadline);
                yield report(reset, done.plan().texts(), done.journal());
            }
            case RepairPlan.Refresh refresh -> {
                RefreshReport done = refreshes.refresh(
                        context, refresh.mappingUuid(), request(refresh, waiting), deadline);
                yield report(refresh, steps(done), done.journal());
            }
        };
    }

    /** The same path, ended before anything changes. Throws what the real one would meet. */
    public RepairReport dryRun(RequestContext context, String volumeId, Optional<String> reason) {
        return dryRun(context, plan(context, volumeId, reason));
    }

    /** The same of what was planned. */
    public RepairReport dryRun(RequestContext context, RepairPlan plan) {
        List<String> steps = switch (plan) {
            case RepairPlan.Nothing _ -> List.of();
            case RepairPlan.ByHand byHand -> throw refusal(byHand);
            case RepairPlan.Reset reset ->
                resets.plan(context, reset.diagnosis().volume().id(), reset.request()).plan().texts();
            case RepairPlan.Refresh refresh ->
                steps(refreshes.plan(context, refresh.mappingUuid(), request(refresh, Wait.FOR_ANSWER)));
        };
        return report(plan, steps, Optional.empty());
    }

    private RepairPlan plan(VolumeDiagnosis seen, Optional<String> reason) {
        if (seen.verdict().kind() == Verdict.Kind.NORMAL) {
            return new RepairPlan.Nothing(seen);
        }
        return switch (seen.verdict().repair()) {
            case TAKE_DOWN -> reset(seen, "available", reason);
            case COMPLETE, RESTORE -> reset(seen, "in-use", reason);
            case REFRESH -> refresh(seen, reason);
            case REPORT -> new RepairPlan.ByHand(seen, seen.verdict().row().reading());
            case RESTORE_ATTACHMENT, REMOVE_FROM_HOST, DISCONNECT_HOST, DELETE_LEFTOVER, DELETE_MAPPING, BREAK_LOCK,
                    FINISH_DELETE, SET_ERROR ->
                new RepairPlan.ByHand(
                        seen, "This program does not do that by itself: " + seen.verdict().row().safe() + ".");
        };
    }

    private static RepairPlan reset(VolumeDiagnosis seen, String status, Optional<String> reason) {
        Repair repair = seen.verdict().repair();
        String why = reason.orElse("pattern " + seen.verdict().row().id() + ": " + seen.verdict().row().name());
        return new RepairPlan.Reset(seen, repair, new StateRequest(
                Optional.of(status), Optional.empty(), Optional.empty(), Set.of(), Optional.of(why)));
    }

    private RepairPlan refresh(VolumeDiagnosis seen, Optional<String> reason) {
        List<BlockDevice> mappings = devices.live(seen.volume().id());
        return mappings.size() == 1
                ? new RepairPlan.Refresh(seen, mappings.getFirst().uuid(), reason)
                : new RepairPlan.ByHand(seen, mappings.size() + " mappings name the volume, not one.");
    }

    private static RefreshRequest request(RepairPlan.Refresh refresh, Wait waiting) {
        return new RefreshRequest(Optional.empty(), refresh.reason(), false, waiting);
    }

    private static List<String> steps(RefreshReport report) {
        return report.steps().stream().map(step -> step.name() + " (" + step.by() + ")").toList();
    }

    private static RepairReport report(RepairPlan plan, List<String> steps, Optional<UUID> journal) {
        return new RepairReport(plan.diagnosis(), steps, journal, Optional.empty());
    }

    private static ServiceException refusal(RepairPlan.ByHand plan) {
        VolumeDiagnosis seen = plan.diagnosis();
        String silent = seen.verdict().silent().isEmpty()
                ? ""
                : " Silent: " + String.join(", ", seen.verdict().silent().stream().map(one -> one.text()).toList())
                        + ".";
        var refusal = new ServiceException.Conflict(
                "Volume " + seen.volume().id() + " shows pattern " + seen.verdict().row().id() + ", "
                        + seen.verdict().row().name() + ": " + plan.why() + silent,
                seen.command().orElse("reseat diagnose --explain " + seen.volume().id()));
        refusal.restsOn(seen.observations());
        return refusal;
    }
}
