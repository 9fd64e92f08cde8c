package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.rpc.RequestContext;
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

    @Inject
    public Repairs(
            DiagnoseVolumes diagnoses, ResetStatus resets, RefreshAttachment refreshes, BlockDevices devices) {
        this.diagnoses = diagnoses;
        this.resets = resets;
        this.refreshes = refreshes;
        this.devices = devices;
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
        return switch (plan(context, volumeId, reason)) {
            case RepairPlan.Nothing nothing ->
                new RepairReport(nothing.diagnosis(), List.of(), Optional.empty(), Optional.empty());
            case RepairPlan.ByHand byHand -> throw refusal(byHand);
            case RepairPlan.Reset reset -> {
                ResetReport done = resets.reset(context, volumeId, reset.request());
                yield report(context, reset, steps(done), done.journal());
            }
            case RepairPlan.Refresh refresh -> {
                RefreshReport done = refreshes.refresh(context, refresh.mappingUuid(), request(refresh));
                yield report(context, refresh, steps(done), done.journal());
            }
        };
    }

    /** The same path, ended before anything changes. Throws what the real one would meet. */
    public RepairReport dryRun(RequestContext context, String volumeId, Optional<String> reason) {
        RepairPlan plan = plan(context, volumeId, reason);
        List<String> steps = switch (plan) {
            case RepairPlan.Nothing _ -> List.of();
            case RepairPlan.ByHand byHand -> throw refusal(byHand);
            case RepairPlan.Reset reset -> steps(resets.plan(context, volumeId, reset.request()));
            case RepairPlan.Refresh refresh ->
                steps(refreshes.plan(context, refresh.mappingUuid(), request(refresh)));
        };
        return new RepairReport(plan.diagnosis(), steps, Optional.empty(), Optional.empty());
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

    private static RefreshRequest request(RepairPlan.Refresh refresh) {
        return new RefreshRequest(Optional.empty(), refresh.reason());
    }

    private static List<String> steps(ResetReport report) {
        return report.plan().steps().stream().map(step -> step.name() + " (" + step.by() + ")").toList();
    }

    private static List<String> steps(RefreshReport report) {
        return report.steps().stream().map(step -> step.name() + " (" + step.by() + ")").toList();
    }

    private RepairReport report(RequestContext context, RepairPlan plan, List<String> steps, Optional<UUID> journal) {
        return new RepairReport(
                plan.diagnosis(), steps, journal,
                Optional.of(diagnoses.diagnose(context, plan.diagnosis().volume().id())));
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
