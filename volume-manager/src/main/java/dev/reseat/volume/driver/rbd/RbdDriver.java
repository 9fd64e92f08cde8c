package dev.reseat.volume.driver.rbd;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.Portal;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ExportUse;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.Volume;
import dev.reseat.volume.driver.VolumeDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Images of a Ceph pool. Ceph lets in whoever has the key, so there is no export to make or to take away, and no host
 * is kept out: that a volume is free is seen by its watchers and locks alone. Follows
 * {@code cinder.volume.drivers.rbd}.
 */
final class RbdDriver implements VolumeDriver, DescribesConnections {
    static final String NAME = "rbd";

    private final RbdConfig config;
    private final CephPrograms ceph;
    private final ImageClients clients;

    RbdDriver(RbdConfig config, CephPrograms ceph) {
        this.config = config;
        this.ceph = ceph;
        this.clients = new ImageClients(ceph);
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

    /** Ceph asks nothing of a host; without a name nobody could tell hosts apart. */
    @Override
    public void validate(Connector connector) {
        if (connector.host().isEmpty()) {
            throw new DriverException.ConnectorRejected("host");
        }
    }

    @Override
    public Optional<ModelUpdate> createExport(Volume volume, ConnectionRequest access, Deadline deadline) {
        ceph.ofImage(config.imageOf(volume.nameId()), deadline, "info");
        return Optional.empty();
    }

    @Override
    public ConnectionInfo initializeConnection(Volume volume, ConnectionRequest access, Deadline deadline) {
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (JsonNode monitor : ceph.ofCluster(deadline, "mon", "dump").path("mons")) {
            Portal portal = portal(monitor.path("addr").asString(""));
            hosts.add(portal.host());
            ports.add(String.valueOf(portal.port()));
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", config.pool() + "/" + config.imageOf(volume.nameId()));
        data.put("hosts", hosts);
        data.put("ports", ports);
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
    public ExportUse terminateConnection(Volume volume, ConnectionRequest access, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "terminate a connection");
        String host = access.connector().host().orElseThrow(() -> new DriverException.ConnectorRejected("host"));
        boolean shared = access.attachmentId().isPresent()
                ? volume.attachments()
                        .stream()
                        .anyMatch(other -> other.connector().isPresent()
                                && !other.id().equals(access.attachmentId().get()))
                : volume.attachmentsOf(host) > 1
                        || volume.attachments()
                                .stream()
                                .anyMatch(other -> other.connector().isPresent() && !other.isFor(host));
        return shared ? ExportUse.SHARED : ExportUse.NONE;
    }

    @Override
    public void terminateConnections(Volume volume, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "terminate connections");
    }

    @Override
    public void removeExport(Volume volume, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "remove an export");
    }

    @Override
    public boolean keepsHostsOut() {
        return false;
    }

    @Override
    public List<Client> describe(Volume volume, Deadline deadline) {
        return clients.look(volume, config.imageOf(volume.nameId()), deadline);
    }
}
