package dev.reseat.volume.driver.nfs;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.volume.driver.DriverFactory;

/** Adds the {@code nfs} driver. Needs a {@code CommandRunner}. */
public final class NfsDriverModule extends AbstractModule {
    private static final String CINDERS = "cinder.volume.drivers.nfs.NfsDriver";

    @Override
    protected void configure() {
        bind(NfsDriverFactory.class).in(Scopes.SINGLETON);
        var factories =
                MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), new TypeLiteral<DriverFactory<?>>() {});
        factories.addBinding(NfsDriver.NAME).to(NfsDriverFactory.class);
        factories.addBinding(CINDERS).to(NfsDriverFactory.class);
    }
}
