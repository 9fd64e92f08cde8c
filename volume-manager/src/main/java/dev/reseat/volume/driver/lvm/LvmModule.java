package dev.reseat.volume.driver.lvm;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.volume.driver.DriverFactory;
import dev.reseat.volume.target.TargetHelper;

/** Adds the {@code lvm} driver. Needs a {@code CommandRunner}, and the target programs that others add. */
public final class LvmModule extends AbstractModule {
    private static final String CINDERS = "cinder.volume.drivers.lvm.LVMVolumeDriver";

    @Override
    protected void configure() {
        bind(LvmDriverFactory.class).in(Scopes.SINGLETON);
        MapBinder.newMapBinder(binder(), String.class, TargetHelper.class);
        var factories =
                MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), new TypeLiteral<DriverFactory<?>>() {});
        factories.addBinding(LvmDriver.NAME).to(LvmDriverFactory.class);
        factories.addBinding(CINDERS).to(LvmDriverFactory.class);
    }
}
