package dev.reseat.compute.connector;

import dev.reseat.contract.connection.ConnectionInfo;
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
        return ConnectionInfo.Local.at(Path.of("/volumes/" + number));
    }

    @Override
    protected ConnectionInfo.Local unreachable() {
        return volume(3);
    }
}
