package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.Secrets;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives a block device mapping fresh connection_info: the old connection is taken off the host, a new attachment is
 * made and connected, and the mapping points to it. After Nova's {@code nova-manage volume_attachment refresh}.
 * Repeatable. A refresh that a crash cut off is gone on with, or undone, by {@link RefreshRecovery}.
 */
public final class RefreshAttachment {
    private final BlockDevices devices;
    private final Volumes volumes;
    private final Journal journal;
    private final RefreshFlow flow;
    private final RefreshEvidence sources;
    private final RefreshNeed need;
    private final RefreshPerformers performers;
    private final ComputeClient computes;
    private final InstanceLock lock;

    @Inject
    RefreshAttachment(
            BlockDevices devices,
            Volumes volumes,
            Journal journal,
            RefreshFlow flow,
            RefreshEvidence sources,
            RefreshNeed need,
            RefreshPerformers performers,
            ComputeClient computes,
            InstanceLock lock) {
        this.devices = devices;
        this.volumes = volumes;
        this.journal = journal;
        this.flow = flow;
        this.sources = sources;
        this.need = need;
        this.performers = performers;
        this.computes = computes;
        this.lock = lock;
    }

    /**
     * @throws ServiceException with everything as it was, unless the message says what is left; an
     *     {@link ServiceException.Unknown} leaves the instance locked until the reconciler knows more
     */
    public RefreshReport refresh(RequestContext context, String bdmUuid, RefreshRequest request) {
        return refresh(context, bdmUuid, request, computes.repairing());
    }

    /**
     * The same by a deadline, which no call that is made for it outlasts. What is begun and not at its end by then is
     * the reconciler's.
     *
     * @return with {@code unneeded}, where it would store what is stored already: then nothing is journalled
     */
    public RefreshReport refresh(
            RequestContext context, String bdmUuid, RefreshRequest request, Deadline deadline) {
        BlockDevice device = devices.show(context, bdmUuid);
        Instance instance = unlocked(context, device);
        RefreshRules.check(device, instance);
        request.connector().ifPresent(connector -> RefreshRules.checkHost(instance, connector));
        Evidence evidence = sources.check(context, device, instance, request, deadline);
        RefreshPlan plan = plan(context, device, instance, request);
        Optional<String> unneeded = unneeded(context, device, instance, request, deadline);
        if (unneeded.isPresent()) {
            return nothing(device, plan, unneeded.get(), evidence);
        }
        var intention = new Journal.Intention(
                JournalEntry.Kind.REFRESH, plan.volumeId(), Optional.of(bdmUuid), request.reason(), plan,
                before(device));
        try (var entry = journal.open(context, intention)) {
            entry.step("evidence", Phase.DONE,
                    Map.of("observations", evidence.observations(), "accept_unknown", request.acceptUnknown()));
            List<RefreshReport.Step> done = flow.run(context, entry, plan, deadline);
            BlockDevice after = devices.show(context, bdmUuid);
            return report(device, plan, Optional.of(entry.id()), Optional.of(after), done, evidence);
        }
    }

    /** The instance, when no other refresh holds it: a lock that one has left behind stays, and is nobody's. */
    private Instance unlocked(RequestContext context, BlockDevice device) {
        Optional<String> left = Optional.empty();
        while (true) {
            Instance instance = devices.instance(context, device.instanceUuid());
            Optional<String> reason = instance.lockedReason();
            if (reason.isEmpty() || reason.equals(left)) {
                return instance;
            }
            lock.checkNoOther(instance, device.uuid());
            left = reason; // that refresh may have ended between the two looks, and another one begun
        }
    }

    /** What {@link #refresh} would meet now, other repairs under way apart. Changes nothing, journals nothing. */
    public RefreshReport plan(RequestContext context, String bdmUuid, RefreshRequest request) {
        BlockDevice device = devices.show(context, bdmUuid);
        Instance instance = devices.instance(context, device.instanceUuid());
        RefreshRules.check(device, instance);
        return planned(context, device, instance, request);
    }

    /** The same of an instance that runs and is stopped before: what it would meet then, as far as that shows now. */
    public RefreshReport planOfRunning(RequestContext context, String bdmUuid, RefreshRequest request) {
        BlockDevice device = devices.show(context, bdmUuid);
        RefreshRules.checkVolume(device);
        return planned(context, device, devices.instance(context, device.instanceUuid()), request);
    }

    private RefreshReport planned(
            RequestContext context, BlockDevice device, Instance instance, RefreshRequest request) {
        request.connector().ifPresent(connector -> RefreshRules.checkHost(instance, connector));
        Deadline deadline = computes.repairing();
        Evidence evidence = sources.check(context, device, instance, request, deadline);
        RefreshPlan plan = plan(context, device, instance, request);
        Optional<String> unneeded = unneeded(context, device, instance, request, deadline);
        if (unneeded.isPresent()) {
            return nothing(device, plan, unneeded.get(), evidence);
        }
        return report(
                device, plan, Optional.empty(), Optional.empty(),
                performers.planned(plan, instance, volumes.show(context, plan.volumeId())), evidence);
    }

    private Optional<String> unneeded(
            RequestContext context, BlockDevice device, Instance instance, RefreshRequest request, Deadline deadline) {
        Volume volume = volumes.show(context, device.volumeId().orElseThrow());
        return need.unneeded(context, device, instance, volume, request.connector(), deadline);
    }

    private static RefreshReport nothing(BlockDevice device, RefreshPlan plan, String why, Evidence evidence) {
        Optional<String> stored = device.connectionInfo().map(Secrets::maskedJson);
        return new RefreshReport(
                device.uuid(), device.instanceUuid(), plan.volumeId(), Optional.empty(), device.attachmentId(),
                device.attachmentId(), stored, stored, false, Optional.of(why), List.of(), evidence.observations());
    }

    private RefreshPlan plan(
            RequestContext context, BlockDevice device, Instance instance, RefreshRequest request) {
        Volume volume = volumes.show(context, device.volumeId().orElseThrow());
        ConnectorRules.checkReadable(volume); // the backend is told of each of them
        List<String> attachments = volume.attachments()
                .stream()
                .filter(attachment -> attachment.instanceUuid().equals(Optional.of(instance.uuid())))
                .map(Attachment::id)
                .toList();
        return new RefreshPlan(
                device.uuid(),
                device.instanceUuid(),
                volume.id(),
                instance.host(),
                device.attachmentId(),
                attachments,
                UUID.randomUUID().toString(),
                instance.locked(),
                InstanceLock.reason(device.uuid(), device.instanceUuid(), volume.id()),
                request.connector(),
                request.waiting());
    }

    /** The before-image, without the secrets. */
    private record Before(Optional<String> attachmentId, Optional<String> connectionInfo) {}

    private static Before before(BlockDevice device) {
        return new Before(device.attachmentId(), device.connectionInfo().map(Secrets::maskedJson));
    }

    private static RefreshReport report(
            BlockDevice before, RefreshPlan plan, Optional<UUID> entry, Optional<BlockDevice> after,
            List<RefreshReport.Step> steps, Evidence evidence) {
        return new RefreshReport(
                before.uuid(),
                before.instanceUuid(),
                plan.volumeId(),
                entry,
                before.attachmentId(),
                after.flatMap(BlockDevice::attachmentId),
                before.connectionInfo().map(Secrets::maskedJson),
                after.flatMap(BlockDevice::connectionInfo).map(Secrets::maskedJson),
                after.map(device -> !device.connectionInfo().equals(before.connectionInfo())).orElse(false),
                Optional.empty(),
                steps,
                evidence.observations());
    }
}
