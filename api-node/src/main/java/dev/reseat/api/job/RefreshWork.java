package dev.reseat.api.job;

import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.service.BlockDevices;
import dev.reseat.api.service.InstancePower;
import dev.reseat.api.service.InstancePower.Power;
import dev.reseat.api.service.RefreshAttachment;
import dev.reseat.api.service.RefreshReport;
import dev.reseat.api.service.RefreshRequest;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.job.InstanceStopTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Items whose mapping gets fresh connection_info. An instance that runs is waited for; or, where the job was asked to,
 * Nova stops it before, and starts it afterwards.
 */
final class RefreshWork implements ItemWork {
    private final BlockDevices devices;
    private final RefreshAttachment refreshes;
    private final InstancePower power;
    private final Database database;
    private final InstanceStopTable stops;
    private final InstantSource clock;

    @Inject
    RefreshWork(
            BlockDevices devices, RefreshAttachment refreshes, InstancePower power, Database database,
            InstanceStopTable stops, InstantSource clock) {
        this.devices = devices;
        this.refreshes = refreshes;
        this.power = power;
        this.database = database;
        this.stops = stops;
        this.clock = clock;
    }

    @Override
    public Optional<String> heldBecause(Job job, JobItem item) {
        Power now = now(item);
        return mayStop(job, now).isPresent() ? Optional.empty() : held(item, now);
    }

    private static Optional<String> held(JobItem item, Power now) {
        String instance = "instance " + item.instanceId().orElseThrow();
        return switch (now) {
            case Power.Stopped _,Power.Gone _ -> Optional.empty(); // the work says what is wrong with it
            case Power.Running(_, boolean locked) -> Optional.of(instance + " is not stopped"
                    + (locked ? ", and somebody has locked it" : "") + ": it goes on with the connection it has, and"
                    + " will fail at its next start if that is gone; refreshed when it is stopped");
            case Power.Changing _ ->
                Optional.of(instance + " is being stopped or started; refreshed when it is stopped");
            case Power.Busy(String text) ->
                Optional.of(instance + " is busy: " + text + "; refreshed when it is stopped and nothing else");
            case Power.Other(String text) -> Optional.of(instance + " is not stopped: " + text
                    + "; refreshed when it is stopped");
        };
    }

    @Override
    public Plan plan(RequestContext context, Job job, JobItem item) {
        BlockDevice device = devices.show(context, item.mappingId().orElseThrow());
        Optional<String> host = mayStop(job, now(item));
        RefreshReport report = host.isPresent()
                ? refreshes.planOfRunning(context, device.uuid(), request(job, Wait.FOR_ANSWER))
                : refreshes.plan(context, device.uuid(), request(job, Wait.FOR_ANSWER));
        if (report.unneeded().isPresent()) {
            return new Nothing(report.unneeded().get());
        }
        List<String> steps = new ArrayList<>();
        host.ifPresent(name -> steps.add("have Nova stop instance " + device.instanceUuid() + " on " + name
                + (power.isServed(name) ? "" : " (NOBODY LISTENS THERE NOW)")));
        steps.add("refresh mapping " + device.uuid() + " of instance " + device.instanceUuid());
        host.ifPresent(_ -> steps.add("have Nova start it again"));
        return new Planned(
                guard(device, host.isPresent()),
                host.isPresent() ? "stop, refresh, start" : "refresh",
                steps,
                Optional.empty(),
                Freshness.until(report.observations(), clock.instant()));
    }

    @Override
    public Ended run(RequestContext context, Job job, JobItem item) {
        BlockDevice device = devices.show(context, item.mappingId().orElseThrow());
        if (!device.volumeId().equals(Optional.of(item.volumeId()))
                || !item.instanceId().equals(Optional.of(device.instanceUuid()))) {
            return new Ended.Changed("the mapping is of volume " + device.volumeId().orElse("-") + " now");
        }
        Set<String> guards = Set.of(guard(device, false), guard(device, true));
        // one that was held when the job was planned has no guard: its connection may have changed meanwhile
        if (item.guard().filter(guard -> !guard.isEmpty() && !guards.contains(guard)).isPresent()) {
            return new Ended.Changed("the mapping is not as it was planned on");
        }
        Power now = now(item);
        Optional<String> host = mayStop(job, now);
        if (host.isPresent() && !item.guard().equals(Optional.of(guard(device, true)))) {
            return new Ended.Held("instance " + device.instanceUuid() + " runs, and was not to be stopped when it was"
                    + " planned; refreshed when it is stopped");
        }
        if (host.isPresent()) {
            return new Ended.Stops(host.get());
        }
        if (isOfAnother(job, item)) {
            return new Ended.Later("instance " + device.instanceUuid() + " is being stopped or started for a job");
        }
        Optional<String> held = held(item, now);
        if (held.isPresent()) {
            return new Ended.Held(held.get());
        }
        RefreshReport report = refreshes.refresh(context, device.uuid(), request(job, Wait.FOR_REPORT));
        return new Ended.Applied(
                report.journal(),
                report.unneeded().orElse(report.changed() ? "connection_info is new" : "refreshed"));
    }

    /** On which host it would be stopped; empty if it is not to be, or cannot. */
    private static Optional<String> mayStop(Job job, Power now) {
        return switch (StopStart.of(job)) {
            case NEVER -> Optional.empty();
            case IF_RUNNING -> now instanceof Power.Running(String host, boolean locked) && !locked
                    ? Optional.of(host)
                    : Optional.empty();
        };
    }

    private boolean isOfAnother(Job job, JobItem item) {
        String instance = item.instanceId().orElseThrow();
        return !database.cinder().transaction(tx -> stops.mayBegin(tx, job.id(), instance));
    }

    private Power now(JobItem item) {
        return power.of(item.instanceId().orElseThrow());
    }

    private static RefreshRequest request(Job job, Wait waiting) {
        return new RefreshRequest(Optional.empty(), job.reason(), false, waiting);
    }

    /** Nothing that runs is stopped which was stopped when somebody read the plan. */
    private static String guard(BlockDevice device, boolean stopped) {
        return stopped ? Fingerprint.of(List.of(device.guard(), "stop")) : Fingerprint.of(device.guard());
    }
}
