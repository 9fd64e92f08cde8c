package dev.reseat.volume.target.tgt;

import dev.reseat.process.CommandRunner;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.target.IscsiTargets;
import dev.reseat.volume.target.TargetConfig;
import dev.reseat.volume.target.TargetHelper;
import jakarta.inject.Inject;

/** tgtd of this host. */
final class TgtHelper implements TargetHelper {
    private final CommandRunner commands;

    @Inject
    TgtHelper(CommandRunner commands) {
        this.commands = commands;
    }

    @Override
    public IscsiTargets targets(TargetConfig config) {
        return new TgtTargets(config, new BackendPrograms(commands));
    }
}
