package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.compute.connector.local.LocalConfig.UseLoop;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.host.DeviceUsers;
import dev.reseat.host.FileLocks;
import dev.reseat.host.LoopDevices;
import dev.reseat.process.SystemCommandRunner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Volume files in a directory, and the real connector on them. */
record LocalVolumes(Path directory) {
    private static final long SIZE = 1 << 20;

    LocalConnector connector(String host, UseLoop loop) {
        return connector(new LocalConfig(host, loop, List.of(directory, Path.of("/dev")), true));
    }

    static LocalConnector connector(LocalConfig config) {
        var commands = new SystemCommandRunner(List.of());
        var loops = new LoopDevices(Path.of("/sys/block"));
        return new LocalConnector(
                config,
                new VolumeFolders(config),
                new Losetup(commands, loops),
                loops,
                new HeldFiles(config, FileLocks.onThisHost(config.sharedNamespace(), commands)),
                DeviceUsers.onThisHost());
    }

    ConnectionInfo.Local volume(int number) {
        Path file = directory.resolve("volume-" + number);
        try (var created = new RandomAccessFile(file.toFile(), "rw")) {
            created.setLength(SIZE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConnectionInfo.Local.at(file);
    }

    ConnectionInfo.Local missing() {
        return ConnectionInfo.Local.at(directory.resolve("missing"));
    }

    /** A failed test leaves nothing behind on the machine. */
    void free(LocalConnector connector) {
        connector.disconnect(volume(1), VolumeConnectorContract.soon());
        connector.disconnect(volume(2), VolumeConnectorContract.soon());
    }
}
