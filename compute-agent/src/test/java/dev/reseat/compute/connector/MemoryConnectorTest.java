package dev.reseat.compute.connector;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

final class MemoryConnectorTest extends VolumeConnectorContract<ConnectionInfo.Local> {
    private final Set<Path> held = ConcurrentHashMap.newKeySet();

    @Override
    protected VolumeConnector<ConnectionInfo.Local> open() {
        return new MemoryConnector(Set.of(volume(1).device(), volume(2).device()), held);
    }

    @Override
    protected ConnectionInfo.Local volume(int number) {
        return new ConnectionInfo.Local(Path.of("/volumes/" + number), false);
    }

    @Override
    protected ConnectionInfo.Local unreachable() {
        return volume(3);
    }
}
