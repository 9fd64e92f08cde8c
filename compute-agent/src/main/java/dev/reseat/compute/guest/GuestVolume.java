package dev.reseat.compute.guest;

import java.util.List;

/**
 * A volume as guests may know it.
 *
 * @param volumeId Nova gives it to a disk as its serial, which goes stale when the disk gets another volume
 * @param sources the paths or image names that its connection leads to; empty if nobody knows
 */
public record GuestVolume(String volumeId, List<String> sources) {
    public GuestVolume {
        sources = List.copyOf(sources);
    }

    /** One of which nothing but the id is known. */
    public static GuestVolume named(String volumeId) {
        return new GuestVolume(volumeId, List.of());
    }
}
