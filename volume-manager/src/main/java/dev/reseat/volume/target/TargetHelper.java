package dev.reseat.volume.target;

/** A target program by the name that {@code target_helper} has for it. Thread-safe. */
public interface TargetHelper {
    /** @throws IllegalArgumentException if it cannot work with such settings; says which and why */
    default void require(TargetConfig config) {}

    /** Of settings that were {@linkplain #require checked}. Asks nobody. */
    IscsiTargets targets(TargetConfig config);
}
