package dev.reseat.compute.connector.rbd;

import dev.reseat.compute.block.Sysfs;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.host.Findings;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The images that this host's kernel has mapped, as {@code /sys/bus/rbd/devices} shows them. */
final class MappedImages {
    private final Path root;
    private final Path devices;

    /** @param root where the host's file system is found */
    MappedImages(Path root) {
        this.root = root;
        this.devices = root.resolve("sys/bus/rbd/devices");
    }

    static MappedImages ofThisHost() {
        return new MappedImages(Path.of("/"));
    }

    /** The devices of that image: pool <em>and</em> name are compared, as several pools may have one of the name. */
    Findings<String> of(ConnectionInfo.Rbd connection) {
        return look(device -> read(device, "pool").equals(connection.pool())
                && read(device, "name").equals(connection.image())
                        ? Optional.of("/dev/rbd" + device.getFileName())
                        : Optional.empty());
    }

    /** Every image, by its name. */
    Findings<String> all() {
        return look(device -> Optional.of(read(device, "name")));
    }

    private Findings<String> look(Look look) {
        List<String> found = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        if (!Files.isDirectory(devices)) { // of a kernel that has never mapped any
            return Sysfs.isSeen(root) ? Findings.none() : Findings.doubt("this host's kernel is not to be seen (/sys)");
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(devices)) {
            for (Path device : all) {
                try {
                    look.at(device).ifPresent(found::add);
                } catch (NoSuchFileException e) {
                    // unmapped while it was looked at
                } catch (IOException e) {
                    doubts.add(device + " cannot be read: " + e);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            doubts.add(devices + " cannot be read: " + e);
        }
        return new Findings<>(found, doubts);
    }

    private interface Look {
        Optional<String> at(Path device) throws IOException;
    }

    private static String read(Path device, String attribute) throws IOException {
        return Files.readString(device.resolve(attribute)).strip();
    }
}
