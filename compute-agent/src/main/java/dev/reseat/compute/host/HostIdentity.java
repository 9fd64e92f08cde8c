package dev.reseat.compute.host;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The connector of this host, as os-brick's {@code get_connector_properties} makes it. What the host does not have is
 * left out, and nothing is created to have it (os-brick writes an {@code /etc/nvme/hostnqn}). Reads the host each time;
 * thread-safe.
 */
public final class HostIdentity {
    private static final String INITIATOR = "InitiatorName=";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int NOTHING_FOUND = 2;

    private final HostConfig config;
    private final CommandRunner commands;
    private final Path root;

    @Inject
    public HostIdentity(HostConfig config, CommandRunner commands, HostFiles files) {
        this(config, commands, files.root());
    }

    /** @param root where the host's file system is found */
    HostIdentity(HostConfig config, CommandRunner commands, Path root) {
        this.config = config;
        this.commands = commands;
        this.root = root;
    }

    public String name() {
        return config.name();
    }

    /**
     * JSON values, in os-brick's order.
     *
     * @param deadline of the programs that are run for it
     * @throws HostUnreadable if something that the host has cannot be read by then, or multipath is to be used and does
     *     not run
     */
    public Map<String, Object> connector(Deadline deadline) {
        Map<String, Object> connector = new LinkedHashMap<>();
        connector.put("platform", platform());
        connector.put("os_type", System.getProperty("os.name").toLowerCase(Locale.ROOT));
        connector.put("ip", config.ip());
        connector.put("host", config.name());
        connector.put("multipath", config.multipath() && requireMultipathd(deadline));
        connector.put("enforce_multipath", true);
        initiator().ifPresent(name -> connector.put("initiator", name));
        ports("port_name").ifPresent(names -> connector.put("wwpns", names));
        ports("node_name").ifPresent(names -> connector.put("wwnns", names));
        connector.put("do_local_attach", false);
        rootUuid(deadline).ifPresent(uuid -> connector.put("uuid", uuid));
        systemUuid(deadline).ifPresent(uuid -> connector.put("system uuid", uuid));
        text("etc/nvme/hostnqn").ifPresent(nqn -> connector.put("nqn", nqn));
        text("etc/nvme/hostid").ifPresent(id -> connector.put("nvme_hostid", id));
        connector.put("nvme_native_multipath",
                text("sys/module/nvme_core/parameters/multipath").filter("Y"::equals).isPresent());
        return connector;
    }

    /** Python's word for it. */
    private static String platform() {
        String architecture = System.getProperty("os.arch");
        return architecture.equals("amd64") ? "x86_64" : architecture;
    }

    private boolean requireMultipathd(Deadline deadline) {
        try {
            commands.run(Command.of(limit(deadline), "multipathd", "show", "status"));
            return true;
        } catch (CommandFailed e) {
            throw new HostUnreadable("volume_use_multipath is set, and multipathd does not answer: " + e.getMessage(),
                    e);
        }
    }

    private Optional<String> initiator() {
        return text("etc/iscsi/initiatorname.iscsi")
                .flatMap(text -> text.lines().filter(line -> line.startsWith(INITIATOR)).findFirst())
                .map(line -> line.substring(INITIATOR.length()).strip())
                .filter(name -> !name.isEmpty());
    }

    /** World wide names of the Fibre Channel ports that are online; empty if there is none. */
    private Optional<List<String>> ports(String attribute) {
        Path hosts = root.resolve("sys/class/fc_host");
        if (!Files.isDirectory(hosts)) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> ports = Files.newDirectoryStream(hosts)) {
            for (Path port : ports) {
                if (Files.readString(port.resolve("port_state")).strip().equals("Online")) {
                    names.add(Files.readString(port.resolve(attribute)).strip().replace("0x", ""));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new HostUnreadable("Fibre Channel ports cannot be read: " + e.getMessage(), e);
        }
        names.sort(null);
        return names.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(names));
    }

    /** Of the file system that is mounted as root, if that is on a device and has one. */
    private Optional<String> rootUuid(Deadline deadline) {
        Optional<String> device = text("proc/self/mountinfo")
                .flatMap(text -> text.lines().filter(line -> line.split(" ", -1)[4].equals("/")).findFirst())
                .map(line -> line.substring(line.indexOf(" - ") + 3).split(" ", -1)[1])
                .filter(source -> source.startsWith("/dev/"));
        return device.flatMap(node -> printed(deadline, NOTHING_FOUND, "blkid", node, "-s", "UUID", "-o", "value"));
    }

    /** As the firmware tells it; a machine without one is none. */
    private Optional<String> systemUuid(Deadline deadline) {
        return text("sys/class/dmi/id/product_uuid").or(() -> printed(deadline, 1, "dmidecode", "-ssystem-uuid"));
    }

    /** @param nothing the exit code by which the program says that there is nothing to tell */
    private Optional<String> printed(Deadline deadline, int nothing, String... words) {
        try {
            return commands.run(Command.of(limit(deadline), words).alsoAnswering(nothing)).lines().stream().findFirst();
        } catch (CommandFailed.NotStarted e) {
            return Optional.empty(); // os-brick does without it too
        } catch (CommandFailed e) {
            throw new HostUnreadable(e.getMessage(), e);
        }
    }

    private static Duration limit(Deadline deadline) {
        Duration left = deadline.within(LIMIT).remaining();
        if (left.isZero()) {
            throw new HostUnreadable("the time for it is over");
        }
        return left;
    }

    /** What is there and cannot be read is not missing: a backend lets a host in by these names. */
    private Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip()).filter(text -> !text.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new HostUnreadable("what storage knows this host by cannot be read: /" + file + ": " + e.getMessage(),
                    e);
        }
    }
}
