package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.ConnectionInfo;
import dev.reseat.compute.connector.local.LocalConfig.UseLoop;
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
        var config = new LocalConfig(host, loop);
        var loops = new LoopDevices(new SystemCommandRunner(List.of()));
        return new LocalConnector(config, loops, new HeldFiles(config, new FileLocks()), new DeviceUsers());
    }

    ConnectionInfo.Local volume(int number) {
        Path file = directory.resolve("volume-" + number);
        try (var created = new RandomAccessFile(file.toFile(), "rw")) {
            created.setLength(SIZE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ConnectionInfo.Local(file, false);
    }

    ConnectionInfo.Local missing() {
        return new ConnectionInfo.Local(directory.resolve("missing"), false);
    }

    /** A failed test leaves nothing behind on the machine. */
    void free(LocalConnector connector) {
        connector.disconnect(volume(1));
        connector.disconnect(volume(2));
    }
}
