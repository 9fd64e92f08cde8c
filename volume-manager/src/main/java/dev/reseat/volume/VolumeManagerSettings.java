package dev.reseat.volume;

import dev.reseat.launch.ProgramSettings;
import dev.reseat.runtime.Settings;

/** For whoever checks settings files. */
public final class VolumeManagerSettings implements ProgramSettings {
    @Override
    public String program() {
        return VolumeManager.PROGRAM.name();
    }

    @Override
    public void read(Settings settings) {
        VolumeManager.PROGRAM.tryToRead(settings);
    }
}
