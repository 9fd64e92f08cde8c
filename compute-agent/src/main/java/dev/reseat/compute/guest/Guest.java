package dev.reseat.compute.guest;

/**
 * An instance as its hypervisor knows it.
 *
 * @param instanceUuid the instance
 * @param activeHere whether Nova has it as active on this host, so that its guest should be running here
 */
public record Guest(String instanceUuid, boolean activeHere) {
    public Guest {
        if (instanceUuid == null || instanceUuid.isBlank()) {
            throw new IllegalArgumentException("a guest needs the uuid of its instance");
        }
    }
}
