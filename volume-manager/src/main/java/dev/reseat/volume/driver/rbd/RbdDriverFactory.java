package dev.reseat.volume.driver.rbd;

import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverFactory;
import dev.reseat.volume.driver.VolumeDriver;
import jakarta.inject.Inject;

/** Backends that are pools of a Ceph cluster. */
final class RbdDriverFactory implements DriverFactory<RbdConfig> {
    private final CommandRunner commands;

    @Inject
    RbdDriverFactory(CommandRunner commands) {
        this.commands = commands;
    }

    @Override
    public RbdConfig configure(Settings settings, String backend) {
        return RbdConfig.from(settings, backend);
    }

    @Override
    public VolumeDriver create(RbdConfig config) {
        return new RbdDriver(config, new CephPrograms(config, new BackendPrograms(commands)));
    }
}
