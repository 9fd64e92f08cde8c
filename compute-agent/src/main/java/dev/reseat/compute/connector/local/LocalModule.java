package dev.reseat.compute.connector.local;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.host.DeviceUsers;
import dev.reseat.host.FileLocks;
import dev.reseat.host.LoopDevices;
import dev.reseat.process.CommandRunner;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** Adds the connector for {@code local} volumes. Needs a {@code CommandRunner}. */
public final class LocalModule extends AbstractModule {
    private final LocalConfig config;

    public LocalModule(LocalConfig config) {
        this.config = config;
    }

    @Provides
    @Singleton
    FileLocks locks(CommandRunner commands) {
        return FileLocks.onThisHost(config.sharedNamespace(), commands);
    }

    @Override
    protected void configure() {
        bind(LocalConfig.class).toInstance(config);
        bind(VolumeFolders.class).in(Scopes.SINGLETON);
        bind(Losetup.class).in(Scopes.SINGLETON);
        bind(LoopDevices.class).toInstance(new LoopDevices(Path.of("/sys/block")));
        bind(HeldFiles.class).in(Scopes.SINGLETON);
        bind(DeviceUsers.class).toInstance(DeviceUsers.onThisHost());
        bind(LocalConnector.class).in(Scopes.SINGLETON);
        MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), new TypeLiteral<VolumeConnector<?>>() {})
                .addBinding(ConnectionInfo.Local.TYPE)
                .to(LocalConnector.class);
    }
}
