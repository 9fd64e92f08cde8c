package dev.reseat.compute.connector.rbd;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.connection.ConnectionInfo;

/** Adds the connector for {@code rbd} volumes. Needs a {@code CommandRunner}. */
public final class RbdConnectorModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(MappedImages.class).toInstance(MappedImages.ofThisHost());
        bind(KernelImages.class).in(Scopes.SINGLETON);
        bind(RbdConnector.class).in(Scopes.SINGLETON);
        MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), new TypeLiteral<VolumeConnector<?>>() {})
                .addBinding(ConnectionInfo.Rbd.TYPE)
                .to(RbdConnector.class);
    }
}
