package dev.reseat.volume.driver.file;

import dev.reseat.host.FileUsers;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.DriverFactory;
import dev.reseat.volume.driver.VolumeDriver;
import jakarta.inject.Inject;
import java.time.InstantSource;

/** Backends that are folders of this host. */
final class FileDriverFactory implements DriverFactory<FileConfig> {
    private final CommandRunner commands;

    @Inject
    FileDriverFactory(CommandRunner commands) {
        this.commands = commands;
    }

    @Override
    public FileConfig configure(Settings settings, String backend) {
        return FileConfig.from(settings, backend);
    }

    @Override
    public VolumeDriver create(FileConfig config) {
        return new FileDriver(
                config, FileUsers.onThisHost(config.sharedNamespace(), commands), InstantSource.system());
    }
}
