package dev.reseat.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who uses a block device: mounts of every mount namespace, devices on top of it, processes that have it open. A device
 * is told by its number, not by the name somebody opened it by. Thread-safe.
 */
public final class DeviceUsers {
    private static final int NUMBER = 2;
    private static final int MOUNT_POINT = 4;

    private final Path processes;
    private final Path devices;

    /**
     * @param processes {@code /proc}
     * @param devices {@code /sys/dev/block}, where devices are listed by number
     */
    public DeviceUsers(Path processes, Path devices) {
        this.processes = processes;
        this.devices = devices;
    }

    public static DeviceUsers onThisHost() {
        return new DeviceUsers(Path.of("/proc"), Path.of("/sys/dev/block"));
    }

    /** One phrase for each. Processes that this one may not look into are a doubt. */
    public Findings<String> of(Path node) {
        try {
            Optional<DeviceNumber> device = DeviceNumber.ofBlockDevice(node);
            if (device.isEmpty()) {
                return Findings.doubt(node + " is no block device");
            }
            return look(device.get());
        } catch (IOException | DirectoryIteratorException e) {
            return Findings.doubt(node + " cannot be looked at: " + e);
        }
    }

    /** The same for a device whose number is known, whether it has a node or not. */
    public Findings<String> of(DeviceNumber device) {
        try {
            return look(device);
        } catch (IOException | DirectoryIteratorException e) {
            return Findings.doubt("device " + device + " cannot be looked at: " + e);
        }
    }

    private Findings<String> look(DeviceNumber device) throws IOException {
        return onTop(device).with(processes(device));
    }

    private Findings<String> onTop(DeviceNumber device) throws IOException {
        Path holders = devices.resolve(device.toString()).resolve("holders");
        if (!Files.isDirectory(holders)) { // partitions and odd devices have none
            return Files.isDirectory(devices.resolve(device.toString()))
                    ? Findings.none()
                    : Findings.doubt("device " + device + " is not in " + devices);
        }
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(holders)) {
            entries.forEach(entry -> found.add("device " + entry.getFileName()));
        }
        return new Findings<>(found, List.of());
    }

    private Findings<String> processes(DeviceNumber device) throws IOException {
        Findings<String> all = Findings.none();
        Set<Path> namespaces = new HashSet<>();
        int hidden = 0;
        try (DirectoryStream<Path> running = Files.newDirectoryStream(processes, "[0-9]*")) {
            for (Path process : running) {
                try {
                    Path namespace = Files.readSymbolicLink(process.resolve("ns/mnt"));
                    if (!namespaces.contains(namespace)) {
                        all = all.with(mounts(process, device));
                        namespaces.add(namespace); // not before: of one that ends meanwhile nothing was read
                    }
                    if (opens(process, device)) {
                        all = all.with(
                                new Findings<>(List.of("process " + process.getFileName()), List.of()));
                    }
                } catch (IOException | DirectoryIteratorException e) {
                    hidden += Files.exists(process.resolve("stat")) && !isEnding(process) ? 1 : 0;
                }
            }
        }
        return hidden == 0 ? all : all.with(Findings.doubt(hidden + " processes may not be looked into"));
    }

    private static Findings<String> mounts(Path process, DeviceNumber device) throws IOException {
        return new Findings<>(
                new String(Files.readAllBytes(process.resolve("mountinfo")), StandardCharsets.UTF_8)
                        .lines() // a name need not be text
                        .map(line -> line.split(" ", -1))
                        .filter(words -> words.length > MOUNT_POINT && words[NUMBER].equals(device.toString()))
                        .map(words -> "the mount on " + words[MOUNT_POINT])
                        .toList(),
                List.of());
    }

    private static boolean opens(Path process, DeviceNumber device) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (isFor(descriptor, device)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isFor(Path descriptor, DeviceNumber device) throws IOException {
        try {
            return DeviceNumber.ofBlockDevice(descriptor).filter(device::equals).isPresent();
        } catch (NoSuchFileException e) {
            return false; // closed while we looked
        }
    }

    /** A process that has ended and waits for its parent has nothing open any more, and nothing to look into. */
    private static boolean isEnding(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            return stat.substring(stat.lastIndexOf(')') + 1).strip().matches("[ZXx].*");
        } catch (IOException e) {
            return true; // gone
        }
    }
}
