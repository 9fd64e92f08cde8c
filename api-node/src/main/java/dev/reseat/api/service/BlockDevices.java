package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Block device mappings as they are stored. */
public final class BlockDevices {
    private final Cells cells;
    private final BlockDeviceTable table;
    private final InstanceTable instances;

    @Inject
    public BlockDevices(Cells cells, BlockDeviceTable table, InstanceTable instances) {
        this.cells = cells;
        this.table = table;
        this.instances = instances;
    }

    public BlockDevice show(RequestContext context, String bdmUuid) {
        BlockDevice device = find(bdmUuid)
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
        List<BlockDevice> found = ofCell(instanceUuid, tx -> table.find(tx, instanceUuid, volumeId));
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
        return ofCell(instanceUuid, tx -> table.ofInstance(tx, instanceUuid))
                .stream()
                .filter(device -> device.volumeId().isPresent())
                .toList();
    }

    private static String told(BlockDevice device) {
        return device.uuid() + " (device " + device.deviceName().orElse("none") + ", attachment "
                + device.attachmentId().orElse("none") + ", connection_info "
                + (device.connectionInfo().isPresent() ? "stored" : "none") + ")";
    }

    /** One that is not deleted. */
    Optional<BlockDevice> find(String bdmUuid) {
        return found(cells.everywhere(tx -> table.find(tx, bdmUuid), Optional::isPresent));
    }

    /**
     * Mappings of a volume in instances that Nova still has, oldest first.
     *
     * @throws dev.reseat.api.store.StoreException if a cell cannot be read that may well have one
     */
    List<BlockDevice> live(Volume volume) {
        Answers<List<BlockDevice>> answers = cells.everywhere(tx -> table.ofVolume(tx, volume.id())
                .stream()
                .filter(device -> instances.find(tx, device.instanceUuid()).isPresent())
                .toList());
        cells.concerning(answers.silent(), volume.instances(), volume.projectId())
                .stream()
                .findFirst()
                .ifPresent(
                        silent -> {
                            throw silent.failure();
                        });
        return answers.given().stream().flatMap(List::stream).toList();
    }

    /** The same in one instance. */
    List<BlockDevice> live(String volumeId, String instanceUuid) {
        return ofCell(
                instanceUuid,
                tx -> instances.find(tx, instanceUuid).isPresent()
                        ? table.find(tx, instanceUuid, volumeId)
                        : List.of());
    }

    /** What a cell has is there, whoever else is silent; what none has may be in a silent one. */
    private static Optional<BlockDevice> found(Answers<Optional<BlockDevice>> answers) {
        return answers.given()
                .stream()
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> answers.all().stream().flatMap(Optional::stream).findFirst());
    }

    private <T> List<T> ofCell(String instanceUuid, Function<Transaction, List<T>> work) {
        return cells.ofInstance(instanceUuid).map(cell -> cell.transaction(work)).orElse(List.of());
    }

    Instance instance(RequestContext context, String uuid) {
        return cells.ofInstance(uuid)
                .flatMap(cell -> cell.transaction(tx -> instances.find(tx, uuid)))
                .filter(instance -> context.isAdmin() || instance.projectId().equals(context.projectId()))
                .orElseThrow(() -> new ServiceException.NotFound(ErrorCode.INSTANCE_NOT_FOUND,
                        "Instance " + uuid + " could not be found."));
    }
}
