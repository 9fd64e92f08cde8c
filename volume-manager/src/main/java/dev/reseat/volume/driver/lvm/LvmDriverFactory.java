package dev.reseat.volume.driver.lvm;

import dev.reseat.host.DeviceUsers;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverFactory;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.target.TargetHelper;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Backends that are volume groups of this host. */
final class LvmDriverFactory implements DriverFactory<LvmConfig> {
    private final CommandRunner commands;
    private final Map<String, TargetHelper> helpers;

    /** @param helpers by the names that {@code target_helper} may have */
    @Inject
    LvmDriverFactory(CommandRunner commands, Map<String, TargetHelper> helpers) {
        this.commands = commands;
        this.helpers = Map.copyOf(helpers);
    }

    @Override
    public Optional<String> leftToCinder(Settings settings, String backend) {
        String helper = LvmConfig.helper(settings, backend);
        String protocol = LvmConfig.protocol(settings, backend);
        if (!protocol.equals(LvmConfig.PROTOCOL)) {
            return Optional.of("target_protocol " + protocol + " is not served here, there is: " + LvmConfig.PROTOCOL);
        }
        return helpers.containsKey(helper)
                ? Optional.empty()
                : Optional.of("target_helper " + helper + " is not served here, there is: "
                        + String.join(", ", new TreeSet<>(helpers.keySet())));
    }

    @Override
    public LvmConfig configure(Settings settings, String backend) {
        LvmConfig config = LvmConfig.from(settings, backend);
        helpers.get(config.helper()).require(config.targets());
        return config;
    }

    @Override
    public VolumeDriver create(LvmConfig config) {
        return new LvmDriver(
                config,
                new LogicalVolumes(config, new BackendPrograms(commands)),
                helpers.get(config.helper()).targets(config.targets()),
                new TargetClients(DeviceUsers.onThisHost()));
    }
}
