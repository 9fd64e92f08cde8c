package dev.reseat.api.job;

import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.ResetReport;
import dev.reseat.api.service.ResetStatus;
import dev.reseat.api.service.StateRequest;
import dev.reseat.api.service.Volumes;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Items whose volume's state is reset. */
final class ResetWork implements ItemWork {
    /** What nobody may reset a volume to, or what only somebody's running work means. */
    private static final Set<String> NO_WAY_BACK =
            Set.of("deleting", "detaching", "attaching", "reserved", "creating", "downloading", "uploading");

    private final Volumes volumes;
    private final ResetStatus resets;
    private final InstantSource clock;

    @Inject
    ResetWork(Volumes volumes, ResetStatus resets, InstantSource clock) {
        this.volumes = volumes;
        this.resets = resets;
        this.clock = clock;
    }

    @Override
    public Planned plan(RequestContext context, Job job, JobItem item) {
        Volume volume = volumes.show(context, item.volumeId());
        StateRequest request = request(job, item);
        ResetReport report = resets.plan(context, item.volumeId(), request);
        List<String> steps = report.plan().texts();
        return new Planned(
                Fingerprint.of(volume.guard()),
                report.plan().way() + " " + report.plan().required().stream().sorted().toList() + " " + steps,
                steps,
                inverse(volume, request, report),
                Freshness.until(report.observations(), clock.instant()));
    }

    @Override
    public Ended run(RequestContext context, Job job, JobItem item) {
        Volume volume = volumes.show(context, item.volumeId());
        if (!item.guard().equals(Optional.of(Fingerprint.of(volume.guard())))) {
            return new Ended.Changed("the volume is not as it was planned on: it is " + volume.status() + " now");
        }
        ResetReport report = resets.reset(context, item.volumeId(), request(job, item).waiting(Wait.FOR_REPORT));
        return new Ended.Applied(
                report.journal(), "driver " + report.driver().code() + ": " + report.driver().detail());
    }

    private static StateRequest request(Job job, JobItem item) {
        StateRequest all = JsonText.read(job.requestJson(), StateRequest.class);
        return item.target()
                .map(status -> new StateRequest(
                        Optional.of(status), Optional.empty(), Optional.empty(), all.force(), all.reason()))
                .orElse(all);
    }

    /** Only a status that was changed and nothing else can be given back exactly. */
    private static Optional<String> inverse(Volume volume, StateRequest request, ResetReport report) {
        boolean statusAlone = request.status().isPresent() && request.attachStatus().isEmpty()
                && request.migrationStatus().isEmpty() && report.plan().shape().isEmpty();
        return statusAlone && !NO_WAY_BACK.contains(volume.status())
                ? Optional.of(volume.status())
                : Optional.empty();
    }
}
