package dev.reseat.volume;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Scopes;
import com.google.inject.Stage;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.volume.driver.DriverFactories;
import dev.reseat.volume.driver.file.FileModule;
import dev.reseat.volume.driver.rbd.RbdModule;
import java.util.List;

/** Every driver there is: a new one has its line here. */
final class DriversModule extends AbstractModule {
    /** Apart from the rest of the process: settings are read before that is made. */
    static DriverFactories factories() {
        return Guice.createInjector(Stage.PRODUCTION, new DriversModule()).getInstance(DriverFactories.class);
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        install(new FileModule());
        install(new RbdModule());
        bind(CommandRunner.class).toInstance(new SystemCommandRunner(List.of()));
        bind(DriverFactories.class).in(Scopes.SINGLETON);
    }
}
