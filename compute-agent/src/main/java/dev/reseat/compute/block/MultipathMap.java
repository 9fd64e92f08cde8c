package dev.reseat.compute.block;

/**
 * Several paths to one disk as one device.
 *
 * @param device as the kernel names it, {@code dm-0}
 * @param name as multipath does, mostly the disk's WWID
 */
public record MultipathMap(String device, String name) {}
