package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Does what the decision table calls safe, by the use cases that do it for a person too: they ask all sources again,
 * write the journal and keep every other repair of the volume out. Thread-safe.
 */
public final class Repairs {
    /** What is left when that job broke off, as its own service would leave it; {@code error} for all others. */
    private static final Map<String, String> ERRORS = Map.of(
            "backing-up", "error_backing-up",
            "restoring-backup", "error_restoring",
            "extending", "error_extending");

    private final DiagnoseVolumes diagnoses;
    private final ResetVolume resets;
    private final RefreshAttachment refreshes;
    private final BlockDevices devices;
    private final ComputeClient computes;
    private final Remedies remedies;

    @Inject
    public Repairs(
            DiagnoseVolumes diagnoses,
            ResetVolume resets,
            RefreshAttachment refreshes,
            BlockDevices devices,
            ComputeClient computes,
            Remedies remedies) {
        this.diagnoses = diagnoses;
        this.resets = resets;
        this.refreshes = refreshes;
        this.devices = devices;
        this.computes = computes;
        this.remedies = remedies;
    }

    /**
     * Looks and decides. Changes nothing.
     *
     * @param reason why, recorded
     */
    public RepairPlan plan(RequestContext context, String volumeId, Optional<String> reason) {
        return plan(context, diagnoses.diagnose(context, volumeId), reason);
    }

    /**
     * Looks, decides and does it.
     *
     * @throws ServiceException.Conflict if a person has to do it; with what was seen and the next command
     * @throws ServiceException as the use case that does it
     */
    public RepairReport repair(RequestContext context, String volumeId, Optional<String> reason) {
        return repair(context, volumeId, Optional.empty(), reason);
    }

    /**
     * The same of what was diagnosed before.
     *
     * @param pattern the number of the row that described the volume then; empty for whatever it shows
     * @throws ServiceException.Conflict also if it shows another one now: nothing was done
     */
    public RepairReport repair(
            RequestContext context, String volumeId, Optional<String> pattern, Optional<String> reason) {
        Deadline deadline = computes.repairing();
        RepairPlan plan = plan(context, still(pattern, diagnoses.diagnose(context, volumeId, deadline)), reason);
        RepairReport done = apply(context, plan, Wait.FOR_ANSWER, deadline);
        return plan instanceof RepairPlan.Nothing
                ? done
                : new RepairReport(
                        done.before(), done.steps(), done.inverse(), done.journal(),
                        after(context, volumeId, deadline));
    }

    /** Empty if the repair was to finish its deletion. */
    private Optional<VolumeDiagnosis> after(RequestContext context, String volumeId, Deadline deadline) {
        try {
            return Optional.of(diagnoses.diagnose(context, volumeId, deadline));
        } catch (ServiceException.NotFound deleted) {
            return Optional.empty();
        }
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
                        context, reset.diagnosis().volume().guard(), reset.request().waiting(waiting), deadline);
                yield report(reset, done.plan().texts(), done.journal());
            }
            case RepairPlan.Refresh refresh -> {
                RefreshReport done = refreshes.refresh(
                        context, refresh.mappingUuid(), request(refresh, waiting), deadline);
                yield report(refresh, steps(done), done.journal());
            }
            case RepairPlan.Remedied remedied -> remedy(context, remedied, waiting, deadline);
        };
    }

    /**
     * What was given its attachment back is attaching then: the reset to in-use proves that it is more. What was taken
     * off a host may be let in at the backend still: the reset to available ends that. Such a reset alone is journalled
     * under the request's id, for by it a job learns how the whole has ended.
     */
    private RepairReport remedy(
            RequestContext context, RepairPlan.Remedied plan, Wait waiting, Deadline deadline) {
        String volumeId = plan.diagnosis().volume().id();
        Optional<String> rest = rest(plan.order().repair());
        UUID entry = remedies.run(
                rest.isPresent() ? context.with("request_id", RequestContext.newRequestId()) : context,
                plan.order(), plan.reason(), plan.diagnosis().observations(), deadline);
        if (rest.isEmpty()) {
            return report(plan, plan.steps(), Optional.of(entry));
        }
        ResetReport done = resets.reset(
                context, volumeId, reset(plan.diagnosis(), rest.get(), plan.reason()).request().waiting(waiting),
                deadline);
        return report(plan, plan.steps(), done.journal());
    }

    /** The reset that a remedy is but the first half of. */
    private static Optional<String> rest(Repair repair) {
        if (repair == Repair.RESTORE_ATTACHMENT) {
            return Optional.of("in-use");
        }
        return repair == Repair.DISCONNECT_HOST ? Optional.of("available") : Optional.empty();
    }

    /** The same path, ended before anything changes. Throws what the real one would meet. */
    public RepairReport dryRun(RequestContext context, String volumeId, Optional<String> reason) {
        return dryRun(context, volumeId, Optional.empty(), reason);
    }

    /** The same of what was diagnosed before. */
    public RepairReport dryRun(
            RequestContext context, String volumeId, Optional<String> pattern, Optional<String> reason) {
        return dryRun(context, plan(context, still(pattern, diagnoses.diagnose(context, volumeId)), reason));
    }

    /** The same of what was planned. */
    public RepairReport dryRun(RequestContext context, RepairPlan plan) {
        List<String> steps = switch (plan) {
            case RepairPlan.Nothing _ -> List.of();
            case RepairPlan.ByHand byHand -> throw refusal(byHand);
            case RepairPlan.Reset reset ->
                resets.plan(context, reset.diagnosis().volume().guard(), reset.request()).plan().texts();
            case RepairPlan.Refresh refresh ->
                steps(refreshes.plan(context, refresh.mappingUuid(), request(refresh, Wait.FOR_ANSWER)));
            case RepairPlan.Remedied remedied -> {
                remedies.check(context, remedied.order());
                yield remedied.steps();
            }
        };
        return report(plan, steps, Optional.empty());
    }

    private static VolumeDiagnosis still(Optional<String> pattern, VolumeDiagnosis seen) {
        String now = seen.verdict().row().id();
        if (pattern.filter(then -> !then.equals(now)).isPresent()) {
            var refusal = new ServiceException.Conflict(
                    ErrorCode.CHANGED_MEANWHILE,
                    "Volume " + seen.volume().id() + " showed pattern " + pattern.get() + " and shows " + now + ", "
                            + seen.verdict().row().name() + ", now; nothing was done.",
                    "reseat diagnose " + seen.volume().id());
            refusal.restsOn(seen.observations());
            throw refusal;
        }
        return seen;
    }

    private RepairPlan plan(RequestContext context, VolumeDiagnosis seen, Optional<String> reason) {
        if (seen.verdict().kind() == Verdict.Kind.NORMAL) {
            return new RepairPlan.Nothing(seen);
        }
        return switch (seen.verdict().repair()) {
            case TAKE_DOWN -> reset(seen, "available", reason);
            case COMPLETE, RESTORE -> reset(seen, "in-use", reason);
            case REFRESH -> refresh(seen, reason);
            case SET_ERROR -> reset(seen, ERRORS.getOrDefault(seen.volume().status(), "error"), reason);
            case REPORT -> new RepairPlan.ByHand(seen, seen.verdict().row().reading());
            case RESTORE_ATTACHMENT, REMOVE_FROM_HOST, DISCONNECT_HOST, DELETE_LEFTOVER, DELETE_MAPPING, BREAK_LOCK,
                    FINISH_DELETE ->
                remedies.of(seen.verdict().repair())
                        .map(remedy -> plan(context, remedy, seen, reason))
                        .orElseGet(() -> new RepairPlan.ByHand(
                                seen,
                                "This program does not do that by itself: " + seen.verdict().row().safe() + "."));
        };
    }

    private static RepairPlan plan(
            RequestContext context, Remedy remedy, VolumeDiagnosis seen, Optional<String> reason) {
        return switch (remedy.prescribe(context, seen)) {
            case Remedy.Prescription.Do(RemedyOrder order) -> new RepairPlan.Remedied(
                    seen, order, remedy.texts(order), remedy.inverse(order), Optional.of(why(seen, reason)));
            case Remedy.Prescription.ByHand(String why) ->
                new RepairPlan.ByHand(seen, why + ". A person has to: " + seen.verdict().row().safe() + ".");
        };
    }

    private static String why(VolumeDiagnosis seen, Optional<String> reason) {
        return reason.orElse("pattern " + seen.verdict().row().id() + ": " + seen.verdict().row().name());
    }

    private static RepairPlan.Reset reset(VolumeDiagnosis seen, String status, Optional<String> reason) {
        Repair repair = seen.verdict().repair();
        return new RepairPlan.Reset(seen, repair, new StateRequest(
                Optional.of(status), Optional.empty(), Optional.empty(), Set.of(),
                Optional.of(why(seen, reason))));
    }

    private RepairPlan refresh(VolumeDiagnosis seen, Optional<String> reason) {
        List<BlockDevice> mappings = devices.live(seen.volume());
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
        return new RepairReport(plan.diagnosis(), steps, plan.inverse(), journal, Optional.empty());
    }

    private static ServiceException refusal(RepairPlan.ByHand plan) {
        VolumeDiagnosis seen = plan.diagnosis();
        String silent = seen.verdict().silent().isEmpty()
                ? ""
                : " Silent: " + String.join(", ", seen.verdict().silent().stream().map(one -> one.text()).toList())
                        + ".";
        var refusal = new ServiceException.Conflict(
                seen.isUnknown() ? ErrorCode.EVIDENCE_UNKNOWN : ErrorCode.CONFLICT,
                "Volume " + seen.volume().id() + " shows pattern " + seen.verdict().row().id() + ", "
                        + seen.verdict().row().name() + ": " + plan.why() + silent,
                seen.command().orElse("reseat diagnose --explain " + seen.volume().id()));
        refusal.restsOn(seen.observations());
        return refusal;
    }
}
