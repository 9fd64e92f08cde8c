package dev.reseat.volume.driver.rbd;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.Portal;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.BreaksLocks;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.FencesClients;
import dev.reseat.volume.driver.InventoryPage;
import dev.reseat.volume.driver.ListsVolumes;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.OpenToEveryHost;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Images of a Ceph pool. Ceph lets in whoever has the key, so there is no export to make or to take away, and no host
 * is kept out: that a volume is free is seen by its watchers and locks alone. Follows
 * {@code cinder.volume.drivers.rbd}.
 */
final class RbdDriver implements OpenToEveryHost, ListsVolumes, BreaksLocks, FencesClients {
    static final String NAME = "rbd";

    private final RbdConfig config;
    private final CephPrograms ceph;
    private final ImageClients clients;
    private final ImageLocks locks;
    private final ImageList images;

    RbdDriver(RbdConfig config, CephPrograms ceph) {
        this.config = config;
        this.ceph = ceph;
        this.clients = new ImageClients(ceph);
        this.locks = new ImageLocks(ceph, clients);
        this.images = new ImageList(ceph, clients);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void prepare(Deadline deadline) {
        probe(deadline);
    }

    /** Reads from the pool, so that monitors and the OSD that has the pool's index must answer. */
    @Override
    public void probe(Deadline deadline) {
        try {
            ceph.ofPool(deadline, "namespace", "ls");
        } catch (DriverException.BackendFailed | DriverException.OutOfTime e) {
            throw new DriverException.NotReady("pool " + config.pool() + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, Object> capabilities() {
        Map<String, Object> capabilities = new LinkedHashMap<>();
        capabilities.put("vendor_name", "Open Source");
        capabilities.put("driver_version", "1.3.0");
        capabilities.put("storage_protocol", "ceph");
        return capabilities;
    }

    @Override
    public Optional<ModelUpdate> createExport(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        ceph.ofImage(config.imageOf(volume.nameId()), deadline, "info");
        return Optional.empty();
    }

    @Override
    public ConnectionInfo initializeConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        Map<String, Object> data = way(volume, deadline);
        data.put("cluster_name", config.clusterName());
        data.put("auth_enabled", config.user().isPresent());
        data.put("auth_username", config.user().orElse(null));
        data.put("secret_type", "ceph");
        data.put("secret_uuid", config.secretUuid().orElseGet(() -> clusterId(deadline)));
        data.put("volume_id", volume.id());
        data.put("discard", true);
        keyring().ifPresent(text -> data.put("keyring", text));
        return ConnectionInfo.of(ConnectionInfo.Rbd.TYPE, data);
    }

    /** A cluster lets in whoever has the key, so nothing is done for a host. */
    @Override
    public Optional<ConnectionInfo> connection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        ceph.ofImage(config.imageOf(volume.nameId()), deadline, "info");
        return Optional.of(initializeConnection(volume, access, deadline));
    }

    /** Which image, by which monitors. */
    private Map<String, Object> way(BackendVolume volume, Deadline deadline) {
        return way(config.imageOf(volume.nameId()), monitors(deadline));
    }

    private Map<String, Object> way(String image, Map<String, Object> monitors) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", config.pool() + "/" + image);
        data.putAll(monitors);
        return data;
    }

    private Map<String, Object> monitors(Deadline deadline) {
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (JsonNode monitor : ceph.ofCluster(deadline, "mon", "dump").path("mons")) {
            Portal portal = portal(monitor.path("addr").asString(""));
            hosts.add(portal.host());
            ports.add(String.valueOf(portal.port()));
        }
        Map<String, Object> monitors = new LinkedHashMap<>();
        monitors.put("hosts", hosts);
        monitors.put("ports", ports);
        return monitors;
    }

    /** What a connection_info goes stale by: the addresses of the monitors. */
    @Override
    public Optional<Map<String, Object>> location(BackendVolume volume, Deadline deadline) {
        return location(way(volume, deadline));
    }

    private static Optional<Map<String, Object>> location(Map<String, Object> way) {
        return Optional.of(Map.of("driver_volume_type", ConnectionInfo.Rbd.TYPE, "data", way));
    }

    @Override
    public InventoryPage inventory(Optional<String> after, int most, Deadline deadline) {
        Map<String, Object> monitors = monitors(deadline);
        return images.page(after, most, image -> location(way(image, monitors)), deadline);
    }

    @Override
    public BreakLock.Result breakLock(BackendVolume volume, Deadline deadline) {
        return locks.breakDead(volume, config.imageOf(volume.nameId()), deadline);
    }

    @Override
    public String fence(String client, Duration time, Deadline deadline) {
        ceph.changeCluster(deadline, "osd", "blocklist", "add", client, String.valueOf(time.toSeconds()));
        if (!blocklist(client, deadline).contains(client)) {
            throw new DriverException.BackendFailed(client + " was put on the blocklist and is not there");
        }
        return client + " is on the blocklist for " + time.toSeconds() + " seconds; 'ceph osd blocklist rm " + client
                + "' lets it in again before";
    }

    /** After a client was put there: who cannot read the list does not know that it is not on it. */
    private Set<String> blocklist(String client, Deadline deadline) {
        try {
            return clients.blocklist(deadline);
        } catch (DriverException.BackendFailed e) {
            throw new DriverException.BackendFailed(
                    client + " was put on the blocklist, which cannot be read: " + e.getMessage(), e);
        } catch (DriverException.OutOfTime e) {
            throw new DriverException.OutOfTime(
                    client + " was put on the blocklist, which was not read in time: " + e.getMessage(), e);
        }
    }

    /** @param address {@code HOST:PORT/NONCE} */
    private static Portal portal(String address) {
        try {
            int nonce = address.lastIndexOf('/');
            return Portal.parse(nonce < 0 ? address : address.substring(0, nonce));
        } catch (MalformedConnection e) {
            throw new DriverException.BackendFailed("a monitor's address cannot be read: '" + address + "'", e);
        }
    }

    private String clusterId(Deadline deadline) {
        return ceph.ofCluster(deadline, "fsid").path("fsid").asString("");
    }

    private Optional<String> keyring() {
        if (config.keyring().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(config.keyring().get()));
        } catch (IOException e) {
            throw new DriverException.BackendFailed(
                    "rbd_keyring_conf " + config.keyring().get() + " cannot be read: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    @Override
    public List<Client> describe(BackendVolume volume, Deadline deadline) {
        return clients.look(volume, config.imageOf(volume.nameId()), deadline);
    }

    @Override
    public StoredVolume stored(BackendVolume volume, Deadline deadline) {
        return clients.stored(config.imageOf(volume.nameId()), deadline);
    }
}
