package dev.reseat.compute;

import dev.reseat.launch.ProgramSettings;
import dev.reseat.runtime.Settings;

/** For whoever checks settings files. */
public final class ComputeAgentSettings implements ProgramSettings {
    @Override
    public String program() {
        return ComputeAgent.PROGRAM.name();
    }

    @Override
    public void read(Settings settings) {
        ComputeAgent.PROGRAM.tryToRead(settings);
    }
}
