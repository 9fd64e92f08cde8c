package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.Removal;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The steps of a refresh, in order. Each looks first whether its effect is there already, so that the same run serves a
 * first try and a resumption after a crash; each is journalled before and after.
 */
final class RefreshSteps {
    private final Database database;
    private final BlockDeviceTable devices;
    private final BlockDevices blockDevices;
    private final Attachments attachments;
    private final Volumes volumes;
    private final ComputeClient computes;
    private final InstanceLock lock;
    private final InstantSource clock;

    @Inject
    RefreshSteps(
            Database database,
            BlockDeviceTable devices,
            BlockDevices blockDevices,
            Attachments attachments,
            Volumes volumes,
            ComputeClient computes,
            InstanceLock lock,
            InstantSource clock) {
        this.database = database;
        this.devices = devices;
        this.blockDevices = blockDevices;
        this.attachments = attachments;
        this.volumes = volumes;
        this.computes = computes;
        this.lock = lock;
        this.clock = clock;
    }

    /**
     * Goes to the end, or back to what is safe.
     *
     * @return what was done, in order
     * @throws ServiceException.Unknown with the entry settled as unknown; any other with it settled as undone or failed
     */
    List<String> run(RequestContext context, Journal.Entry entry, RefreshPlan plan) {
        var run = new Run(context, entry, plan);
        try {
            run.forward();
            entry.settle(JournalEntry.State.DONE, "refreshed: " + String.join(", ", run.done));
            return run.done;
        } catch (ServiceException.Unknown e) {
            entry.leaveUnknown(e.getMessage());
            throw e;
        } catch (ServiceException e) {
            throw run.back(e);
        }
    }

    /** As {@link #run}, for an entry that was cut off. If it had not begun to take the old connection off, it is undone. */
    void resume(RequestContext context, Journal.Entry entry, RefreshPlan plan) {
        if (entry.has("remove_volume_connection", Phase.BEGUN)) {
            run(context, entry, plan);
        } else {
            abandon(context, entry, plan, "Cut off before the old connection was touched.");
        }
    }

    /** Gives up on a refresh whose peers cannot be asked any more: back to what is safe without them. */
    void abandon(RequestContext context, Journal.Entry entry, RefreshPlan plan, String why) {
        new Run(context, entry, plan).back(new ServiceException.Failed(why, null, null));
    }

    private final class Run {
        private final RequestContext context;
        private final Journal.Entry entry;
        private final RefreshPlan plan;
        private final List<String> done = new ArrayList<>();

        private Run(RequestContext context, Journal.Entry entry, RefreshPlan plan) {
            this.context = context;
            this.entry = entry;
            this.plan = plan;
        }

        private void forward() {
            step("lock", () -> lock.take(context, plan));
            if (!saved()) {
                Map<String, Object> connector = connector();
                step("reserve", this::reserve);
                performedStep("remove_volume_connection", this::removeOld);
                step("attachment_update", () -> connect(connector));
                step("save", this::save);
            }
            step("attachment_complete", () -> attachments.complete(context, plan.newAttachmentId()));
            step("unlock", () -> lock.release(context, plan, Optional.empty()));
        }

        private void reserve() {
            var instance = Optional.of(plan.instanceUuid());
            attachments.reserve(context, plan.newAttachmentId(), plan.volumeId(), instance, Optional.empty());
        }

        private Map<String, Object> connector() {
            Instance instance = instance();
            Map<String, Object> connector = plan.connector()
                    .orElseGet(() -> RemoteCall.computeOf(instance)
                            .query(() -> computes.connector(context, instance.host().orElse("-")).orThrow()));
            RefreshRules.checkHost(instance, connector);
            return connector;
        }

        /** Guest, host, backend and the old attachment, by the host's agent; what it leaves of the latter is removed here. */
        private Map<String, Object> removeOld() {
            if (oldAttachments().isEmpty() && connected()) {
                return Map.of();
            }
            Instance instance = instance();
            Removal removal = RemoteCall.computeOf(instance)
                    .ask(() -> computes.removeVolumeConnection(context, instance, plan.volumeId()));
            oldAttachments().forEach(attachment -> attachments.remove(context, attachment));
            return Map.of("performer", removal.performer().program());
        }

        private void connect(Map<String, Object> connector) {
            if (connected()) {
                return;
            }
            Map<String, Object> withMountpoint = new LinkedHashMap<>(connector);
            device().deviceName().ifPresent(name -> withMountpoint.put("mountpoint", name));
            attachments.update(context, plan.newAttachmentId(), withMountpoint);
        }

        private void save() {
            Attachment fresh = attachments.show(context, plan.newAttachmentId());
            point(Optional.of(ConnectionInfos.forBlockDevice(fresh)));
        }

        /** Points the mapping to the new attachment, if it still is what this refresh found. */
        private void point(Optional<String> connectionInfo) {
            BlockDevice device = device();
            var id = Optional.of(plan.newAttachmentId());
            boolean ours = device.attachmentId().equals(plan.oldAttachmentId()) || device.attachmentId().equals(id);
            if (!ours || !database.nova()
                    .transaction(
                            tx -> devices.saveConnection(tx, device.guard(), id, connectionInfo, clock.instant()))) {
                throw new ServiceException.Conflict(
                        "Block device mapping " + plan.bdmUuid() + " was changed by somebody else meanwhile.");
            }
        }

        /**
         * Back to what is safe. While the old attachment lives, that is where things were. Once it is gone, the new one,
         * blank, keeps the volume for the instance, and the mapping points to it without connection_info.
         */
        private ServiceException back(ServiceException failure) {
            Optional<Attachment> fresh = attachments.find(plan.newAttachmentId());
            String left = "everything is as it was";
            var state = JournalEntry.State.UNDONE;
            if (!lostOld()) {
                fresh.ifPresent(attachment -> attachments.remove(context, attachment));
            } else if (!saved()) {
                state = JournalEntry.State.FAILED;
                left = "THE OLD ATTACHMENT IS GONE: attachment " + plan.newAttachmentId()
                        + " keeps the volume reserved, the mapping has no connection_info. Refresh it again.";
                if (fresh.isEmpty()) {
                    reserve();
                }
                point(Optional.empty());
            } else {
                state = JournalEntry.State.FAILED;
                left = "the mapping is refreshed, only its completion failed. Refresh it again.";
            }
            lock.release(context, plan, Optional.of(failure.getMessage()));
            entry.settle(state, failure.getMessage() + " " + left);
            return state == JournalEntry.State.UNDONE
                    ? failure
                    : new ServiceException.Failed(
                            failure.getMessage() + " " + left, "reseat bdm refresh " + plan.bdmUuid(), failure);
        }

        private boolean saved() {
            BlockDevice device = device();
            return device.attachmentId().equals(Optional.of(plan.newAttachmentId()))
                    && device.connectionInfo().isPresent();
        }

        private boolean connected() {
            return attachments.find(plan.newAttachmentId()).flatMap(Attachment::connectionInfo).isPresent();
        }

        private boolean lostOld() {
            return oldAttachments().isEmpty() && !plan.oldAttachments().isEmpty();
        }

        private List<Attachment> oldAttachments() {
            return volumes.show(context, plan.volumeId())
                    .attachments()
                    .stream()
                    .filter(attachment -> plan.oldAttachments().contains(attachment.id()))
                    .toList();
        }

        private Instance instance() {
            return blockDevices.instance(context, plan.instanceUuid());
        }

        private BlockDevice device() {
            return blockDevices.show(context, plan.bdmUuid());
        }

        private void step(String name, Runnable work) {
            performedStep(name, () -> {
                work.run();
                return Map.of();
            });
        }

        /** @param work its result is journalled */
        private void performedStep(String name, Supplier<Map<String, Object>> work) {
            entry.step(name, Phase.BEGUN, Map.of());
            Map<String, Object> result;
            try {
                result = work.get();
            } catch (ServiceException.Unknown e) {
                entry.step(name, Phase.UNKNOWN, Map.of("detail", e.getMessage()));
                throw e;
            } catch (ServiceException e) {
                entry.step(name, Phase.FAILED, Map.of("detail", e.getMessage()));
                throw e;
            }
            entry.step(name, Phase.DONE, result);
            done.add(name);
        }
    }
}
