package dev.reseat.api;

import dev.reseat.launch.ProgramSettings;
import dev.reseat.runtime.Settings;

/** For whoever checks settings files. */
public final class ApiNodeSettings implements ProgramSettings {
    @Override
    public String program() {
        return ApiNode.PROGRAM.name();
    }

    @Override
    public void read(Settings settings) {
        ApiNode.PROGRAM.tryToRead(settings);
    }
}
