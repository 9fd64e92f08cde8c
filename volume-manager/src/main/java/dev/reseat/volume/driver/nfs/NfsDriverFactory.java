package dev.reseat.volume.driver.nfs;

import dev.reseat.host.FileUsers;
import dev.reseat.host.MountTable;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverFactory;
import dev.reseat.volume.driver.VolumeDriver;
import jakarta.inject.Inject;

/** Backends that are NFS shares. */
final class NfsDriverFactory implements DriverFactory<NfsBackendConfig> {
    private final CommandRunner commands;

    @Inject
    NfsDriverFactory(CommandRunner commands) {
        this.commands = commands;
    }

    @Override
    public NfsBackendConfig configure(Settings settings, String backend) {
        return NfsBackendConfig.from(settings, backend);
    }

    @Override
    public VolumeDriver create(NfsBackendConfig config) {
        return new NfsDriver(
                config,
                new ShareFolders(config, MountTable.onThisHost(false)),
                FileUsers.onThisHost(false, commands),
                new BackendPrograms(commands));
    }
}
