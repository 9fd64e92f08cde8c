package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;

/** Block device mappings as they are stored. */
public final class BlockDevices {
    private final Database database;
    private final BlockDeviceTable table;
    private final InstanceTable instances;

    @Inject
    public BlockDevices(Database database, BlockDeviceTable table, InstanceTable instances) {
        this.database = database;
        this.table = table;
        this.instances = instances;
    }

    public BlockDevice show(RequestContext context, String bdmUuid) {
        BlockDevice device = database.nova()
                .transaction(tx -> table.find(tx, bdmUuid))
                .orElseThrow(() -> new ServiceException.NotFound(
                        ErrorCode.MAPPING_NOT_FOUND, "No volume Block Device Mapping with uuid " + bdmUuid + "."));
        instance(context, device.instanceUuid());
        return device;
    }

    /**
     * The mapping of a volume in an instance.
     *
     * @throws ServiceException.Conflict if there are several: one is a leftover, and only a person knows which
     */
    public BlockDevice find(RequestContext context, String instanceUuid, String volumeId) {
        instance(context, instanceUuid);
        List<BlockDevice> found = database.nova().transaction(tx -> table.find(tx, instanceUuid, volumeId));
        return switch (found.size()) {
            case 0 -> throw new ServiceException.NotFound(
                    ErrorCode.MAPPING_NOT_FOUND, "Instance " + instanceUuid + " is not attached to volume " + volumeId);
            case 1 -> found.getFirst();
            default -> throw new ServiceException.Conflict(
                    ErrorCode.SEVERAL_MAPPINGS,
                    "Volume " + volumeId + " has " + found.size() + " mappings in instance " + instanceUuid + ": "
                            + found.stream().map(BlockDevices::told).collect(Collectors.joining("; "))
                            + ". One is a leftover; choose by the mapping's uuid.",
                    "reseat bdm show " + found.getLast().uuid());
        };
    }

    /** Those that map a volume, in the order they were made. */
    public List<BlockDevice> ofInstance(RequestContext context, String instanceUuid) {
        instance(context, instanceUuid);
        return database.nova()
                .transaction(tx -> table.ofInstance(tx, instanceUuid))
                .stream()
                .filter(device -> device.volumeId().isPresent())
                .toList();
    }

    private static String told(BlockDevice device) {
        return device.uuid() + " (device " + device.deviceName().orElse("none") + ", attachment "
                + device.attachmentId().orElse("none") + ", connection_info "
                + (device.connectionInfo().isPresent() ? "stored" : "none") + ")";
    }

    /** Mappings of a volume in instances that Nova still has, oldest first. */
    List<BlockDevice> live(String volumeId) {
        return database.nova()
                .transaction(tx -> table.ofVolume(tx, volumeId)
                        .stream()
                        .filter(device -> instances.find(tx, device.instanceUuid()).isPresent())
                        .toList());
    }

    Instance instance(RequestContext context, String uuid) {
        return database.nova()
                .transaction(tx -> instances.find(tx, uuid))
                .filter(instance -> context.isAdmin() || instance.projectId().equals(context.projectId()))
                .orElseThrow(() -> new ServiceException.NotFound(ErrorCode.INSTANCE_NOT_FOUND,
                        "Instance " + uuid + " could not be found."));
    }
}
