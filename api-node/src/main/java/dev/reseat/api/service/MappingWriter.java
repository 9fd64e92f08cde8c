package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.InstanceTable;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes a block device mapping, under the same conditions as everything was decided on. */
final class MappingWriter {
    private final Cells cells;
    private final BlockDeviceTable devices;
    private final InstanceTable instances;
    private final InstantSource clock;

    @Inject
    MappingWriter(Cells cells, BlockDeviceTable devices, InstanceTable instances, InstantSource clock) {
        this.cells = cells;
        this.devices = devices;
        this.instances = instances;
        this.clock = clock;
    }

    /**
     * Points the mapping to the plan's new attachment, if it still is what the refresh found and the instance is still
     * stopped.
     *
     * @param connectionInfo a secret; empty leaves the mapping without
     * @throws ServiceException.Conflict nothing was changed
     */
    void point(RefreshPlan plan, Optional<String> connectionInfo) {
        var fresh = Optional.of(plan.newAttachmentId());
        cells.ofInstance(plan.instanceUuid()).orElseThrow(() -> changed(plan)).run(tx -> {
            if (!instances.holdStopped(tx, plan.instanceUuid())) {
                throw new ServiceException.Conflict(
                        ErrorCode.INSTANCE_STATE,
                        "Instance " + plan.instanceUuid() + " was started by somebody else meanwhile.",
                        "openstack server stop " + plan.instanceUuid());
            }
            BlockDevice device = devices.find(tx, plan.bdmUuid())
                    .filter(found -> found.attachmentId().equals(plan.oldAttachmentId())
                            || found.attachmentId().equals(fresh))
                    .orElseThrow(() -> changed(plan));
            if (!devices.saveConnection(tx, device.guard(), fresh, connectionInfo, clock.instant())) {
                throw changed(plan);
            }
        });
    }

    /**
     * Soft-deletes a mapping, if it still is what was decided on, its instance is there with no task in flight, and has
     * no other mapping of the volume than the one that is kept, which has to be there.
     *
     * @throws ServiceException.Conflict nothing was changed
     */
    void delete(String volumeId, RemedyOrder.Mapping mapping, Optional<String> kept) {
        requireDone(mapping, inCell(mapping, tx -> {
            List<BlockDevice> all = devices.findLocked(tx, mapping.instanceUuid(), volumeId);
            return others(all, mapping).equals(kept.stream().toList()) && all.stream()
                    .filter(device -> device.uuid().equals(mapping.uuid()))
                    .filter(device -> device.attachmentId().equals(mapping.attachmentId()))
                    .anyMatch(device -> devices.softDelete(tx, device.guard(), clock.instant()));
        }));
    }

    /**
     * Takes that back, if nobody has changed the row since, and all of that still holds.
     *
     * @throws ServiceException.Conflict nothing was changed
     */
    void restore(String volumeId, RemedyOrder.Mapping mapping, Optional<String> kept) {
        requireDone(mapping, inCell(mapping, tx -> {
            List<BlockDevice> all = devices.findLocked(tx, mapping.instanceUuid(), volumeId);
            return others(all, mapping).equals(kept.stream().toList())
                    && devices.undelete(tx, mapping.id(), mapping.uuid(), mapping.attachmentId());
        }));
    }

    /** False if the instance is in no cell any more. */
    private boolean inCell(RemedyOrder.Mapping mapping, Function<Transaction, Boolean> work) {
        return cells.ofInstance(mapping.instanceUuid()).filter(cell -> cell.transaction(work)).isPresent();
    }

    private static List<String> others(List<BlockDevice> all, RemedyOrder.Mapping mapping) {
        return all.stream().map(BlockDevice::uuid).filter(uuid -> !uuid.equals(mapping.uuid())).toList();
    }

    private static void requireDone(RemedyOrder.Mapping mapping, boolean done) {
        if (!done) {
            throw new ServiceException.Conflict(
                    ErrorCode.CHANGED_MEANWHILE,
                    "Block device mapping " + mapping.uuid() + ", its instance or another mapping of the volume was"
                            + " changed by somebody else meanwhile.");
        }
    }

    private static ServiceException.Conflict changed(RefreshPlan plan) {
        return new ServiceException.Conflict(
                ErrorCode.CHANGED_MEANWHILE,
                "Block device mapping " + plan.bdmUuid() + " or its instance was changed by somebody else meanwhile.");
    }
}
