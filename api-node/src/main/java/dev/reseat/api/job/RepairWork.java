package dev.reseat.api.job;

import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobSelector;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.RepairPlan;
import dev.reseat.api.service.RepairReport;
import dev.reseat.api.service.Repairs;
import dev.reseat.api.service.VolumeDiagnosis;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Items that get what the decision table calls safe for what their volume shows, if it is something we do. */
final class RepairWork implements ItemWork {
    private final Repairs repairs;
    private final InstantSource clock;

    @Inject
    RepairWork(Repairs repairs, InstantSource clock) {
        this.repairs = repairs;
        this.clock = clock;
    }

    @Override
    public Plan plan(RequestContext context, Job job, JobItem item) {
        RepairPlan plan = repairs.plan(context, item.volumeId(), job.reason());
        VolumeDiagnosis seen = plan.diagnosis();
        Set<String> wanted = JsonText.read(job.selectorJson(), JobSelector.class).patterns();
        if (plan instanceof RepairPlan.Nothing) {
            return new Nothing("in order: " + pattern(seen));
        }
        if (!mayBe(seen, wanted)) {
            return new Nothing("not selected: it shows " + pattern(seen));
        }
        RepairReport report = repairs.dryRun(context, plan);
        List<String> steps = new ArrayList<>(List.of(pattern(seen)));
        steps.addAll(report.steps());
        return new Planned(
                guard(plan),
                String.join(", ", report.steps()),
                steps,
                Optional.empty(),
                Freshness.until(seen.observations(), clock.instant()));
    }

    @Override
    public Ended run(RequestContext context, Job job, JobItem item) {
        RepairPlan plan = repairs.plan(context, item.volumeId(), job.reason());
        VolumeDiagnosis seen = plan.diagnosis();
        // while a source is silent it is not known whether anything has changed: that is refused below, and tried again
        if (!seen.isUnknown() && !item.guard().equals(Optional.of(guard(plan)))) {
            return new Ended.Changed("the volume is not as it was planned on: it is " + seen.volume().status()
                    + " now, and shows " + pattern(seen));
        }
        RepairReport done = repairs.apply(context, plan, Wait.FOR_REPORT);
        return new Ended.Applied(done.journal(), "was " + pattern(done.before()));
    }

    /** Also where it is not known yet which pattern it is: that is no no. */
    private static boolean mayBe(VolumeDiagnosis seen, Set<String> wanted) {
        return wanted.isEmpty() || wanted.contains(seen.verdict().row().id())
                || seen.verdict().mayBe().stream().anyMatch(wanted::contains);
    }

    /** The rows, what they and all other sources come to, and what follows from that. */
    private static String guard(RepairPlan plan) {
        String action = switch (plan) {
            case RepairPlan.Nothing _ -> "nothing";
            case RepairPlan.ByHand _ -> "by hand";
            case RepairPlan.Reset reset -> "reset to " + reset.request().status().orElse("-");
            case RepairPlan.Refresh refresh -> "refresh " + refresh.mappingUuid();
            case RepairPlan.Remedied remedied -> String.join(", ", remedied.steps());
        };
        VolumeDiagnosis seen = plan.diagnosis();
        return Fingerprint.of(List.of(seen.volume().guard(), seen.verdict().row().id(), action));
    }

    private static String pattern(VolumeDiagnosis seen) {
        return "pattern " + seen.verdict().row().id() + ": " + seen.verdict().row().reading().replaceFirst("\\.$", "");
    }
}
