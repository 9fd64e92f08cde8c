package dev.reseat.volume.driver;

import dev.reseat.runtime.Settings;
import java.util.Optional;

/**
 * Makes the drivers of one kind of backend. It is bound in a {@code MapBinder} to every name that selects it in
 * {@code volume_driver}: a short one of ours, and the class paths by which Cinder knows such a driver. Thread-safe.
 *
 * @param <C> a backend's settings: a checked value
 */
public interface DriverFactory<C> {
    /**
     * Why a backend of this kind cannot be served here and is left to cinder-volume, although its driver is known;
     * empty if it can.
     */
    default Optional<String> leftToCinder(Settings settings, String backend) {
        return Optional.empty();
    }

    /**
     * Reads the settings of one backend. Does nothing else; what is wrong is remembered by the settings, or thrown as
     * an {@link IllegalArgumentException} that says where it stands.
     *
     * @param backend its section
     */
    C configure(Settings settings, String backend);

    /** A driver of such settings. Asks no backend: that is for {@link VolumeDriver#prepare}. */
    VolumeDriver create(C config);
}
