package dev.reseat.compute.connector.fibrechannel;

import dev.reseat.compute.block.Sysfs;
import dev.reseat.contract.connection.ConnectionInfo.FibreChannelPath;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.Wwn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Fibre Channel ports of this host, the targets they see, and their disks, as sysfs shows them. Looks only. */
final class FibrePorts {
    private static final Pattern HOST = Pattern.compile("host(\\d+)");
    private static final Pattern TARGET = Pattern.compile("target(\\d+):(\\d+):(\\d+)");
    private static final Pattern REMOTE = Pattern.compile("rport-(\\d+):(\\d+)-\\d+");
    private static final String NO_TARGET = "-1";
    private static final Pattern UNIT = Pattern.compile("\\d+:\\d+:\\d+:(\\d+)");

    private final Path root;

    /** @param root where the host's file system is found */
    FibrePorts(Path root) {
        this.root = root;
    }

    /** Whether the kernel can be seen at all. */
    boolean kernelIsSeen() {
        return Sysfs.isSeen(root);
    }

    /** None where the kernel knows of no such hardware. */
    List<FibrePort> all() throws IOException {
        List<FibrePort> ports = new ArrayList<>();
        for (Path port : Sysfs.entries(root.resolve("sys/class/fc_host"))) {
            Matcher host = HOST.matcher(Sysfs.name(port));
            if (host.matches()) {
                ports.add(new FibrePort(Integer.parseInt(host.group(1)), name(port)));
            }
        }
        return ports;
    }

    /**
     * A port of a storage as a port of this host sees it.
     *
     * @param name of the storage's port
     */
    record Target(int host, String channel, String id, Wwn name, List<Unit> units) {
        Target {
            units = List.copyOf(units);
        }

        List<String> disks(int lun) {
            return units.stream().filter(unit -> unit.lun() == lun).map(Unit::disk).toList();
        }
    }

    /** @param disk as the kernel names it, {@code sda} */
    record Unit(long lun, String disk) {}

    List<Target> targets() throws IOException {
        List<Target> targets = new ArrayList<>();
        for (Path folder : Sysfs.entries(root.resolve("sys/class/fc_transport"))) {
            Matcher place = TARGET.matcher(Sysfs.name(folder));
            if (place.matches()) {
                try {
                    targets.add(new Target(Integer.parseInt(place.group(1)), place.group(2), place.group(3),
                            name(folder), units(folder.resolve("device"))));
                } catch (NoSuchFileException e) {
                    if (Files.exists(folder)) { // otherwise it went away while it was looked at
                        throw e;
                    }
                }
            }
        }
        return targets;
    }

    /**
     * Where ports of a storage are that the fabric has shown, also those at which no unit was looked for yet, so that
     * they are no target yet: without disks.
     */
    List<Target> remotePorts() throws IOException {
        List<Target> found = new ArrayList<>();
        for (Path folder : Sysfs.entries(root.resolve("sys/class/fc_remote_ports"))) {
            Matcher place = REMOTE.matcher(Sysfs.name(folder));
            if (place.matches()) {
                try {
                    String id = Sysfs.text(folder.resolve("scsi_target_id"));
                    if (!id.equals(NO_TARGET)) {
                        found.add(new Target(
                                Integer.parseInt(place.group(1)), place.group(2), id, name(folder), List.of()));
                    }
                } catch (NoSuchFileException e) {
                    // went away while it was looked at
                }
            }
        }
        return found;
    }

    /** The disks of a logical unit behind that port, by every port of this host. */
    static List<String> disks(FibreChannelPath path, List<Target> targets) {
        return targets.stream()
                .filter(target -> target.name().equals(path.target()))
                .flatMap(target -> target.disks(path.lun()).stream())
                .toList();
    }

    private static List<Unit> units(Path device) throws IOException {
        List<Unit> units = new ArrayList<>();
        for (Path unit : Sysfs.entries(device)) {
            Matcher place = UNIT.matcher(Sysfs.name(unit));
            if (place.matches()) {
                for (Path disk : Sysfs.entries(unit.resolve("block"))) {
                    units.add(new Unit(Long.parseLong(place.group(1)), Sysfs.name(disk)));
                }
            }
        }
        return units;
    }

    private static Wwn name(Path port) throws IOException {
        try {
            return new Wwn(Sysfs.text(port.resolve("port_name")));
        } catch (MalformedConnection e) {
            throw new IOException(port + " has no name", e);
        }
    }
}
