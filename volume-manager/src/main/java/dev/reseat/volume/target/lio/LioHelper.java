package dev.reseat.volume.target.lio;

import dev.reseat.host.ExternalLocks;
import dev.reseat.process.CommandRunner;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.target.IscsiTargets;
import dev.reseat.volume.target.TargetConfig;
import dev.reseat.volume.target.TargetHelper;
import jakarta.inject.Inject;
import java.nio.file.Path;

/** The targets of this host's kernel. */
final class LioHelper implements TargetHelper {
    private static final Path TARGETS = Path.of("/sys/kernel/config/target");

    private final CommandRunner commands;

    @Inject
    LioHelper(CommandRunner commands) {
        this.commands = commands;
    }

    @Override
    public void require(TargetConfig config) {
        if (config.lockPath().isEmpty()) {
            throw new IllegalArgumentException(
                    "[oslo_concurrency] lock_path must be set as for cinder-volume: lioadm needs its lock");
        }
    }

    @Override
    public IscsiTargets targets(TargetConfig config) {
        return new LioTargets(config, new BackendPrograms(commands), new LioTree(TARGETS),
                new ExternalLocks(config.lockPath().orElseThrow()));
    }
}
