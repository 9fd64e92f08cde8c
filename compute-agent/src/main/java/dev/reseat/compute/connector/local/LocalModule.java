package dev.reseat.compute.connector.local;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;

import dev.reseat.compute.connector.VolumeConnector;

/** Adds the connector for {@code local} volumes. Needs a {@code CommandRunner}. */
public final class LocalModule extends AbstractModule {
    private final LocalConfig config;

    public LocalModule(LocalConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        bind(LocalConfig.class).toInstance(config);
        bind(LoopDevices.class).in(Scopes.SINGLETON);
        bind(FileLocks.class).in(Scopes.SINGLETON);
        bind(HeldFiles.class).in(Scopes.SINGLETON);
        bind(DeviceUsers.class).in(Scopes.SINGLETON);
        bind(LocalConnector.class).in(Scopes.SINGLETON);
        Multibinder.newSetBinder(binder(), new TypeLiteral<VolumeConnector<?>>() {})
                .addBinding()
                .to(LocalConnector.class);
    }
}
