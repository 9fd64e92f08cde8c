package dev.reseat.api.job;

import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.service.BlockDevices;
import dev.reseat.api.service.RefreshAttachment;
import dev.reseat.api.service.RefreshReport;
import dev.reseat.api.service.RefreshRequest;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.nova.MappedVolumeTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Items whose mapping gets fresh connection_info. Instances are not stopped or started: who runs is waited for. */
final class RefreshWork implements ItemWork {
    private final BlockDevices devices;
    private final RefreshAttachment refreshes;
    private final Database database;
    private final MappedVolumeTable mapped;
    private final InstantSource clock;

    @Inject
    RefreshWork(
            BlockDevices devices, RefreshAttachment refreshes, Database database, MappedVolumeTable mapped,
            InstantSource clock) {
        this.devices = devices;
        this.refreshes = refreshes;
        this.database = database;
        this.mapped = mapped;
        this.clock = clock;
    }

    @Override
    public Optional<String> heldBecause(JobItem item) {
        String instance = item.instanceId().orElseThrow();
        boolean running = database.nova().transaction(tx -> mapped.running(tx, List.of(instance))).contains(instance);
        return running
                ? Optional.of("instance " + instance + " is not stopped: it goes on with the connection it has, and"
                        + " will fail at its next start if that is gone; refreshed when it is stopped")
                : Optional.empty();
    }

    @Override
    public Planned plan(RequestContext context, Job job, JobItem item) {
        BlockDevice device = devices.show(context, item.mappingId().orElseThrow());
        RefreshReport report = refreshes.plan(context, device.uuid(), request(job, Wait.FOR_ANSWER));
        return new Planned(
                guard(device),
                "refresh",
                List.of("refresh mapping " + device.uuid() + " of instance " + device.instanceUuid()),
                Optional.empty(),
                Freshness.until(report.observations(), clock.instant()));
    }

    @Override
    public Ended run(RequestContext context, Job job, JobItem item) {
        Optional<String> held = heldBecause(item);
        if (held.isPresent()) {
            return new Ended.Held(held.get());
        }
        BlockDevice device = devices.show(context, item.mappingId().orElseThrow());
        // one that was held when the job was planned has no guard: its connection may have changed meanwhile
        if (item.guard().filter(guard -> !guard.isEmpty() && !guard.equals(guard(device))).isPresent()) {
            return new Ended.Changed("the mapping is not as it was planned on");
        }
        RefreshReport report = refreshes.refresh(context, device.uuid(), request(job, Wait.FOR_REPORT));
        return new Ended.Applied(
                report.journal(), report.changed() ? "connection_info is new" : "refreshed");
    }

    private static RefreshRequest request(Job job, Wait waiting) {
        return new RefreshRequest(Optional.empty(), job.reason(), false, waiting);
    }

    private static String guard(BlockDevice device) {
        return Fingerprint.of(device.guard());
    }
}
