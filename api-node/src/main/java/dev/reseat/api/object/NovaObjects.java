package dev.reseat.api.object;

import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import dev.reseat.contract.compute.BlockDeviceMappingList;
import dev.reseat.contract.compute.BlockDeviceMappingObject;
import dev.reseat.contract.compute.InstanceObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nova's rows as Nova's objects. */
public final class NovaObjects {
    private NovaObjects() {}

    public static InstanceObject instance(Instance instance) {
        return new InstanceObject(
                Optional.of(instance.id()),
                instance.uuid(),
                instance.userId(),
                instance.projectId(),
                instance.host(),
                instance.node(),
                instance.hostname(),
                instance.displayName(),
                instance.displayName(),
                instance.vmState(),
                instance.taskState(),
                instance.powerState(),
                Optional.of(instance.locked()),
                instance.lockedBy(),
                instance.memoryMb(),
                instance.vcpus(),
                instance.rootGb(),
                instance.ephemeralGb(),
                instance.instanceTypeId(),
                instance.imageRef(),
                instance.reservationId(),
                instance.availabilityZone(),
                instance.host(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                instance.rootDeviceName(),
                Optional.of(false),
                Optional.of(false),
                Optional.of(false),
                instance.createdAt().map(WireTime::text),
                instance.updatedAt().map(WireTime::text),
                Optional.empty(),
                Optional.of(Map.copyOf(instance.metadata())),
                Optional.of(Map.copyOf(instance.systemMetadata())));
    }

    public static BlockDeviceMappingList blockDevices(List<BlockDevice> devices) {
        return new BlockDeviceMappingList(devices.stream().map(NovaObjects::blockDevice).toList());
    }

    public static BlockDeviceMappingObject blockDevice(BlockDevice device) {
        return blockDevice(device, device.connectionInfo());
    }

    /** The mapping with another connection_info than is stored. */
    public static BlockDeviceMappingObject blockDevice(BlockDevice device, Optional<String> connectionInfo) {
        return new BlockDeviceMappingObject(
                Optional.of(device.id()),
                device.uuid(),
                Optional.of(device.instanceUuid()),
                device.sourceType(),
                device.destinationType(),
                device.guestFormat(),
                device.deviceType(),
                device.diskBus(),
                device.bootIndex(),
                device.deviceName(),
                Optional.of(device.deleteOnTermination()),
                device.snapshotId(),
                device.volumeId(),
                device.volumeSize(),
                device.imageId(),
                Optional.of(device.noDevice()),
                connectionInfo,
                device.tag(),
                device.attachmentId(),
                device.volumeType(),
                device.encrypted(),
                device.encryptionSecretUuid(),
                device.encryptionFormat(),
                device.encryptionOptions(),
                device.createdAt().map(WireTime::text),
                device.updatedAt().map(WireTime::text),
                Optional.empty(),
                Optional.of(false));
    }
}
