package dev.reseat.volume;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Scopes;
import com.google.inject.Stage;
import dev.reseat.process.CommandRunner;
import dev.reseat.volume.driver.DriverFactories;
import dev.reseat.volume.driver.file.FileModule;
import dev.reseat.volume.driver.lvm.LvmModule;
import dev.reseat.volume.driver.nfs.NfsDriverModule;
import dev.reseat.volume.driver.rbd.RbdModule;
import dev.reseat.volume.target.lio.LioModule;
import dev.reseat.volume.target.tgt.TgtModule;

/** Every driver and target program there is: a new one has its line here. */
final class DriversModule extends AbstractModule {
    private final CommandRunner commands;

    private DriversModule(CommandRunner commands) {
        this.commands = commands;
    }

    /** Apart from the rest of the process: settings are read before that is made. */
    static DriverFactories factories(CommandRunner commands) {
        return Guice.createInjector(Stage.PRODUCTION, new DriversModule(commands)).getInstance(DriverFactories.class);
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        install(new FileModule());
        install(new RbdModule());
        install(new LvmModule());
        install(new NfsDriverModule());
        install(new TgtModule());
        install(new LioModule());
        bind(CommandRunner.class).toInstance(commands);
        bind(DriverFactories.class).in(Scopes.SINGLETON);
    }
}
