package dev.reseat.volume.driver.file;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.volume.driver.DriverFactory;

/** Adds the {@code file} driver. Needs a {@code CommandRunner}. */
public final class FileModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(FileDriverFactory.class).in(Scopes.SINGLETON);
        MapBinder.newMapBinder(binder(), TypeLiteral.get(String.class), new TypeLiteral<DriverFactory<?>>() {})
                .addBinding(FileDriver.NAME)
                .to(FileDriverFactory.class);
    }
}
