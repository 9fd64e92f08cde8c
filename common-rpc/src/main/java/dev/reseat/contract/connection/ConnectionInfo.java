package dev.reseat.contract.connection;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a host reaches a volume: Cinder's {@code connection_info}. Addresses are values and compared as such; secrets
 * print as {@code ***}. Every kind keeps the document it was read from, with the keys that nobody here knows.
 */
public sealed interface ConnectionInfo {
    /** As it was written, and to be written back. */
    ConnectionDocument document();

    /** The name of the protocol, {@code driver_volume_type}. */
    default String type() {
        return document().type();
    }

    /** Whether several instances of one host may use the one connection ({@code multiattach}). */
    default boolean shared() {
        return document().find("multiattach").filter(Boolean.TRUE::equals).isPresent();
    }

    /** The same connection with more or other entries in its data. */
    default ConnectionInfo with(Map<String, Object> entries) {
        return ConnectionReader.read(document().with(entries));
    }

    /** @throws MalformedConnection if it is no JSON object, or no connection_info */
    static ConnectionInfo parse(String json) {
        return ConnectionReader.read(json);
    }

    /**
     * @param values nested or flat; JSON values as Java objects
     * @throws MalformedConnection if it is no connection_info
     */
    static ConnectionInfo of(Map<String, Object> values) {
        return ConnectionReader.read(ConnectionDocument.of(values));
    }

    /** @throws MalformedConnection if the protocol needs other data */
    static ConnectionInfo of(String type, Map<String, Object> data) {
        return ConnectionReader.read(ConnectionDocument.of(type, data));
    }

    /**
     * A Ceph image.
     *
     * @param monitors in the cluster's order; empty if the host's own ceph.conf has to tell
     */
    record Rbd(
            String pool,
            String image,
            List<Portal> monitors,
            Optional<String> user,
            Optional<Secret> keyring,
            ConnectionDocument document) implements ConnectionInfo {
        public static final String TYPE = "rbd";

        public Rbd {
            monitors = List.copyOf(monitors);
        }
    }

    /** @param paths at least one; several for multipath */
    record Iscsi(List<IscsiPath> paths, Optional<Chap> chap, Optional<Chap> discovery, ConnectionDocument document)
            implements
            ConnectionInfo {
        public static final String TYPE = "iscsi";

        public Iscsi {
            paths = List.copyOf(paths);
        }
    }

    /** One way to a logical unit. */
    record IscsiPath(Portal portal, String iqn, int lun) {}

    /** What an initiator proves itself with. */
    record Chap(String method, String user, Secret password) {}

    /**
     * A file on a share.
     *
     * @param host who exports it, canonical as in {@link Portal}
     * @param path what is exported
     * @param options of the mount; they can hold a password
     */
    record Nfs(
            String host,
            String path,
            String name,
            Optional<Secret> options,
            Optional<Path> mountPointBase,
            ConnectionDocument document) implements ConnectionInfo {
        public static final String TYPE = "nfs";
    }

    /** @param targets at least one; several for a replicated volume */
    record Nvme(List<NvmeTarget> targets, ConnectionDocument document) implements ConnectionInfo {
        public static final String TYPE = "nvmeof";

        public Nvme {
            targets = List.copyOf(targets);
        }
    }

    /**
     * A namespace of a subsystem, as far as it is named: what is not empty of the first three.
     *
     * @param uuid of the namespace, with hyphens and in lower case
     * @param nguid the storage's own name of it, written likewise
     * @param number what the subsystem counts it as; another's, once it was taken away
     * @param hostNqn as whom the host presents itself there, if not as it does otherwise
     */
    record NvmeTarget(
            String nqn,
            Optional<String> uuid,
            Optional<String> nguid,
            Optional<Integer> number,
            Optional<String> hostNqn,
            List<NvmePortal> portals) {
        public NvmeTarget {
            portals = List.copyOf(portals);
        }

        /** Whether it can be told which of the subsystem's namespaces is meant. */
        public boolean namesOne() {
            return uuid.isPresent() || nguid.isPresent() || number.isPresent();
        }
    }

    /** @param transport {@code tcp} or {@code rdma} */
    record NvmePortal(Portal address, String transport) {}

    /**
     * A logical unit behind Fibre Channel ports.
     *
     * @param zones which target ports each of the host's ports reaches; empty if the backend does not say
     */
    record FibreChannel(List<FibreChannelPath> paths, Map<Wwn, List<Wwn>> zones, ConnectionDocument document)
            implements
            ConnectionInfo {
        public static final String TYPE = "fibre_channel";

        public FibreChannel {
            paths = List.copyOf(paths);
            zones = Map.copyOf(zones);
        }
    }

    /** One way to a logical unit. */
    record FibreChannelPath(Wwn target, int lun) {}

    /**
     * A file or block device that the host can see.
     *
     * @param device absolute, without {@code ..}
     */
    record Local(Path device, ConnectionDocument document) implements ConnectionInfo {
        public static final String TYPE = "local";

        /** One that instances do not share. */
        public static Local at(Path device) {
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("device_path", device.toString());
            return new Local(device, ConnectionDocument.of(TYPE, data));
        }
    }

    /** A protocol that is not known here. */
    record Other(ConnectionDocument document) implements ConnectionInfo {}
}
