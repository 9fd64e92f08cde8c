package dev.reseat.compute.connector.iscsi;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.connection.ConnectionInfo;

/**
 * Adds the connector for {@code iscsi} volumes. Needs {@code HostConfig}, {@code OsBrickLock} and
 * {@code CommandRunner}.
 */
public final class IscsiConnectorModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(IscsiConnector.class).in(Scopes.SINGLETON);
        MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), new TypeLiteral<VolumeConnector<?>>() {})
                .addBinding(ConnectionInfo.Iscsi.TYPE)
                .to(IscsiConnector.class);
    }
}
