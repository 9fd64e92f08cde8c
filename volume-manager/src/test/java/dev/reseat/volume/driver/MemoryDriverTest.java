package dev.reseat.volume.driver;

import java.util.UUID;

/** Holds the fake to what it stands for. */
final class MemoryDriverTest extends VolumeDriverContract {
    private final MemoryDriver driver = new MemoryDriver();

    @Override
    protected VolumeDriver open() {
        return driver;
    }

    @Override
    protected boolean listsVolumes() {
        return false;
    }

    @Override
    protected boolean fencesClients() {
        return true;
    }

    @Override
    protected String newVolume() {
        String id = UUID.randomUUID().toString();
        driver.create(id);
        return id;
    }

    @Override
    protected AutoCloseable use(String volumeId) {
        return driver.use(volumeId);
    }
}
