package dev.reseat.volume.driver.file;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.volume.driver.VolumeDriver;
import java.time.InstantSource;
import java.util.List;

/** Adds the {@code file} driver of one backend. */
public final class FileModule extends AbstractModule {
    /** What selects this driver in {@code volume_driver}. */
    public static final String DRIVER = FileDriver.NAME;

    private final String backend;
    private final FileConfig config;

    /** @param backend the backend's name in {@code enabled_backends} */
    public FileModule(String backend, FileConfig config) {
        this.backend = backend;
        this.config = config;
    }

    @Override
    protected void configure() {
        MapBinder.newMapBinder(binder(), String.class, VolumeDriver.class)
                .addBinding(backend)
                .toInstance(
                        new FileDriver(
                                config,
                                FileUsers.onThisHost(
                                        config.sharedNamespace(), new SystemCommandRunner(List.of())),
                                InstantSource.system()));
    }
}
