package dev.reseat.api.job;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.Inverse;
import dev.reseat.api.service.ResetReport;
import dev.reseat.api.service.ResetVolume;
import dev.reseat.api.service.StateRequest;
import dev.reseat.api.service.VolumeRows;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Items whose volume's state is reset. */
final class ResetWork implements ItemWork {
    private final ResetVolume resets;
    private final InstantSource clock;
    private final Map<String, VolumeRows> ahead;

    @Inject
    ResetWork(ResetVolume resets, InstantSource clock) {
        this(resets, clock, Map.of());
    }

    private ResetWork(ResetVolume resets, InstantSource clock, Map<String, VolumeRows> ahead) {
        this.resets = resets;
        this.clock = clock;
        this.ahead = Map.copyOf(ahead);
    }

    @Override
    public ItemWork ahead(List<JobItem> items) {
        List<String> ids = items.stream().map(JobItem::volumeId).toList();
        return new ResetWork(resets, clock, resets.rows(RequestContext.admin(), ids));
    }

    @Override
    public Planned plan(RequestContext context, Job job, JobItem item) {
        VolumeRows rows = rows(context, item);
        Volume volume = rows.volume();
        StateRequest request = request(job, item);
        ResetReport report = resets.plan(context, rows, request);
        List<String> steps = report.plan().texts();
        return new Planned(
                Fingerprint.of(volume.guard()),
                report.plan().way() + " " + report.plan().required().stream().sorted().toList() + " " + steps,
                steps,
                report.plan().inverse() instanceof Inverse.Status back ? Optional.of(back.status()) : Optional.empty(),
                Freshness.until(report.observations(), clock.instant()));
    }

    @Override
    public Ended run(RequestContext context, Job job, JobItem item) {
        VolumeRows rows = rows(context, item);
        Volume volume = rows.volume();
        if (!item.guard().equals(Optional.of(Fingerprint.of(volume.guard())))) {
            return new Ended.Changed("the volume is not as it was planned on: it is " + volume.status() + " now");
        }
        ResetReport report = resets.reset(context, rows, request(job, item).waiting(Wait.FOR_REPORT));
        return report.awaitsReport()
                ? new Ended.Sent(report.journal().orElseThrow())
                : new Ended.Applied(
                        report.journal(), "driver " + report.driver().code() + ": " + report.driver().detail());
    }

    private VolumeRows rows(RequestContext context, JobItem item) {
        return Optional.ofNullable(ahead.get(item.volumeId()))
                .or(() -> Optional.ofNullable(
                        resets.rows(context, List.of(item.volumeId())).get(item.volumeId())))
                .orElseThrow(() -> new ServiceException.NotFound(
                        ErrorCode.VOLUME_NOT_FOUND, "Volume " + item.volumeId() + " could not be found."));
    }

    private static StateRequest request(Job job, JobItem item) {
        StateRequest all = JsonText.read(job.requestJson(), StateRequest.class);
        return item.target()
                .map(status -> new StateRequest(
                        Optional.of(status), Optional.empty(), Optional.empty(), all.force(), all.reason()))
                .orElse(all);
    }
}
