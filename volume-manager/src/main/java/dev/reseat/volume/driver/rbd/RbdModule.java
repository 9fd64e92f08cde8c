package dev.reseat.volume.driver.rbd;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.volume.driver.DriverFactory;

/** Adds the {@code rbd} driver. Needs a {@code CommandRunner}. */
public final class RbdModule extends AbstractModule {
    private static final String CINDERS = "cinder.volume.drivers.rbd.RBDDriver";

    @Override
    protected void configure() {
        bind(RbdDriverFactory.class).in(Scopes.SINGLETON);
        var factories =
                MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), new TypeLiteral<DriverFactory<?>>() {});
        factories.addBinding(RbdDriver.NAME).to(RbdDriverFactory.class);
        factories.addBinding(CINDERS).to(RbdDriverFactory.class);
    }
}
