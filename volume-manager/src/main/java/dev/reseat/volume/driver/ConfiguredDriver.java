package dev.reseat.volume.driver;

import dev.reseat.runtime.Settings;

/** A driver with the settings of one backend, not made yet. */
public record ConfiguredDriver<C>(DriverFactory<C> factory, C config) {
    public static <C> ConfiguredDriver<C> of(DriverFactory<C> factory, Settings settings, String backend) {
        return new ConfiguredDriver<>(factory, factory.configure(settings, backend));
    }

    public VolumeDriver create() {
        return factory.create(config);
    }
}
