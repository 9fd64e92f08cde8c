package dev.reseat.compute.block;

import dev.reseat.host.DeviceNumber;
import dev.reseat.host.DeviceUsers;
import dev.reseat.host.Findings;
import dev.reseat.process.Command;
import dev.reseat.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The disks of this host, as sysfs shows them; named as the kernel names them, {@code sda}. */
public final class Disks {
    private final Path root;
    private final DeviceUsers users;
    private final CommandRunner commands;

    /** @param root where the host's file system is found */
    public Disks(Path root, CommandRunner commands) {
        this.root = root;
        this.users = new DeviceUsers(root.resolve("proc"), root.resolve("sys/dev/block"));
        this.commands = commands;
    }

    public boolean exists(String disk) {
        return Files.isDirectory(block(disk));
    }

    /** {@code running}, {@code blocked} while its session has failed, {@code offline} when that was given up. */
    public Optional<String> state(String disk) {
        return text(block(disk).resolve("device/state"));
    }

    /**
     * The storage's own name of it, by which paths to one volume are known, as udev and multipath write what sysfs has
     * as {@code naa.}, {@code eui.} or {@code t10.}.
     */
    public Optional<String> scsiId(String disk) {
        return text(block(disk).resolve("device/wwid"))
                .map(wwid -> wwid.replaceFirst("^naa\\.", "3")
                        .replaceFirst("^eui\\.", "2")
                        .replaceFirst("^t10\\.", "1"));
    }

    /** The storage's own name of a namespace of NVMe: {@code uuid.}, {@code eui.} or {@code nvme.} and more. */
    public Optional<String> namespaceId(String disk) {
        return text(block(disk).resolve("wwid"));
    }

    /** The multipath maps that it is a path of. */
    public List<MultipathMap> maps(String disk) throws IOException {
        List<MultipathMap> maps = new ArrayList<>();
        for (Path entry : Sysfs.entries(block(disk).resolve("holders"))) {
            String holder = Sysfs.name(entry);
            Path mapper = block(holder).resolve("dm");
            if (text(mapper.resolve("uuid")).filter(uuid -> uuid.startsWith("mpath-")).isPresent()) {
                maps.add(new MultipathMap(holder, text(mapper.resolve("name")).orElse(holder)));
            }
        }
        return maps;
    }

    /**
     * Who uses it or one of its partitions: mounts, processes, devices on top of it; a multipath map is none, as it is
     * another way to the same disk.
     */
    public Findings<String> users(String disk) throws IOException {
        Findings<String> all = usersOf(block(disk));
        for (Path part : Sysfs.entries(block(disk))) {
            if (Files.exists(part.resolve("partition"))) {
                all = all.with(usersOf(part));
            }
        }
        List<String> maps = maps(disk).stream().map(map -> "device " + map.device()).toList();
        return new Findings<>(all.found().stream().filter(user -> !maps.contains(user)).toList(), all.doubts());
    }

    private Findings<String> usersOf(Path device) {
        return text(device.resolve("dev"))
                .map(DeviceNumber::parse)
                .map(users::of)
                .orElseGet(() -> Findings.doubt(device.getFileName() + " has no number"));
    }

    /** Returns when its first block has been read. */
    public void requireReadable(String disk, Duration time) {
        commands.run(Command.of(time, "dd", "if=/dev/" + disk, "of=/dev/null", "count=1"));
    }

    /** Has the kernel write what it still keeps for the disk. */
    public void flush(String disk, Duration time) {
        commands.run(Command.of(time, "blockdev", "--flushbufs", "/dev/" + disk));
    }

    /** Has the kernel forget the disk, what is not written yet too. Whether it has is to be looked at. */
    public void delete(String disk, Duration time) {
        commands.run(Command.of(time, "tee", "-a", "/sys/block/" + disk + "/device/delete").withInput("1"));
    }

    private Path block(String disk) {
        return root.resolve("sys/block").resolve(disk);
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Sysfs.text(file)).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty(); // not there, or not any more
        }
    }
}
