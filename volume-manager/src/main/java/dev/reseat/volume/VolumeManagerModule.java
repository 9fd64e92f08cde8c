package dev.reseat.volume;

import com.google.inject.PrivateModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.volume.driver.VolumeDriver;

/**
 * Makes a {@link VolumeManager} of its settings and of what the process shares: {@code Rpc} and {@code MeterRegistry}.
 * Keeps all else to itself, so that several may live in one process, each in a child injector of its own.
 */
public final class VolumeManagerModule extends PrivateModule {
    private final VolumeManagerConfig config;

    public VolumeManagerModule(VolumeManagerConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        var drivers = MapBinder.newMapBinder(binder(), String.class, VolumeDriver.class);
        config.backends()
                .forEach(
                        backend -> drivers.addBinding(backend.name()).toInstance(backend.driver().create()));
        bind(VolumeManagerConfig.class).toInstance(config);
        bind(VolumeManager.class).in(Scopes.SINGLETON);
        expose(VolumeManager.class);
    }
}
