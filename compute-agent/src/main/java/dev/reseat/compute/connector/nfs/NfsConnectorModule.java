package dev.reseat.compute.connector.nfs;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.host.FileLocks;
import dev.reseat.host.LoopDevices;
import dev.reseat.process.CommandRunner;
import java.nio.file.Path;

/** Adds the connector for {@code nfs} volumes. Needs a {@code CommandRunner}. */
public final class NfsConnectorModule extends AbstractModule {
    private final NfsConfig config;

    public NfsConnectorModule(NfsConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), new TypeLiteral<VolumeConnector<?>>() {})
                .addBinding(ConnectionInfo.Nfs.TYPE)
                .to(NfsConnector.class);
    }

    @Provides
    @Singleton
    NfsConnector connector(CommandRunner commands) {
        return new NfsConnector(
                new NfsMounts(config, Path.of("/proc"), commands),
                FileLocks.onThisHost(config.sharedNamespace(), commands),
                new LoopDevices(Path.of("/sys/block")),
                new NovaProcesses(Path.of("/proc")));
    }
}
