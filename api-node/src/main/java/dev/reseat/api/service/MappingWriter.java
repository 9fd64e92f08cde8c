package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.InstanceTable;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Optional;

/** Writes a block device mapping, under the same conditions as everything was decided on. */
final class MappingWriter {
    private final Database database;
    private final BlockDeviceTable devices;
    private final InstanceTable instances;
    private final InstantSource clock;

    @Inject
    MappingWriter(Database database, BlockDeviceTable devices, InstanceTable instances, InstantSource clock) {
        this.database = database;
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
        database.nova().run(tx -> {
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

    private static ServiceException.Conflict changed(RefreshPlan plan) {
        return new ServiceException.Conflict(
                ErrorCode.CHANGED_MEANWHILE,
                "Block device mapping " + plan.bdmUuid() + " or its instance was changed by somebody else meanwhile.");
    }
}
