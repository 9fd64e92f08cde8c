package dev.reseat.compute.host;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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

    private final HostConfig config;
    private final Path root;

    @Inject
    public HostIdentity(HostConfig config) {
        this(config, Path.of("/"));
    }

    /** @param root where the host's file system is found */
    HostIdentity(HostConfig config, Path root) {
        this.config = config;
        this.root = root;
    }

    public String name() {
        return config.name();
    }

    /**
     * JSON values, in os-brick's order.
     *
     * @throws HostUnreadable if a name that the host has cannot be read
     */
    public Map<String, Object> connector() {
        Map<String, Object> connector = new LinkedHashMap<>();
        connector.put("platform", platform());
        connector.put("os_type", System.getProperty("os.name").toLowerCase(Locale.ROOT));
        connector.put("ip", config.ip());
        connector.put("host", config.name());
        connector.put("multipath", config.multipath());
        connector.put("enforce_multipath", true);
        initiator().ifPresent(name -> connector.put("initiator", name));
        connector.put("do_local_attach", false);
        rootUuid().ifPresent(uuid -> connector.put("uuid", uuid));
        text("sys/class/dmi/id/product_uuid").ifPresent(uuid -> connector.put("system uuid", uuid));
        identity("etc/nvme/hostnqn").ifPresent(nqn -> connector.put("nqn", nqn));
        identity("etc/nvme/hostid").ifPresent(id -> connector.put("nvme_hostid", id));
        text("sys/module/nvme_core/parameters/multipath")
                .ifPresent(flag -> connector.put("nvme_native_multipath", flag.equals("Y")));
        return connector;
    }

    /** Python's word for it. */
    private static String platform() {
        String architecture = System.getProperty("os.arch");
        return architecture.equals("amd64") ? "x86_64" : architecture;
    }

    private Optional<String> initiator() {
        return identity("etc/iscsi/initiatorname.iscsi")
                .flatMap(text -> text.lines().filter(line -> line.startsWith(INITIATOR)).findFirst())
                .map(line -> line.substring(INITIATOR.length()).strip())
                .filter(name -> !name.isEmpty());
    }

    /** The file system that is mounted as root, if its device has a name by UUID. */
    private Optional<String> rootUuid() {
        Optional<Path> device = text("proc/self/mountinfo")
                .flatMap(text -> text.lines().filter(line -> line.split(" ", -1)[4].equals("/")).findFirst())
                .map(line -> line.substring(line.indexOf(" - ") + 3).split(" ", -1)[1])
                .filter(source -> source.startsWith("/dev/"))
                .map(source -> root.resolve(source.substring(1)));
        Path names = root.resolve("dev/disk/by-uuid");
        if (device.isEmpty() || !Files.isDirectory(names)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> links = Files.newDirectoryStream(names)) {
            for (Path link : links) {
                if (Files.isSameFile(link, device.get())) {
                    return Optional.of(link.getFileName().toString());
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // an identity the host does not show
        }
        return Optional.empty();
    }

    /** A name by which a backend lets this host in: one that is there and cannot be read is not one that is missing. */
    private Optional<String> identity(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip()).filter(text -> !text.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new HostUnreadable("what storage knows this host by cannot be read: /" + file + ": " + e.getMessage(),
                    e);
        }
    }

    private Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty(); // not there, or not for us to read
        }
    }
}
