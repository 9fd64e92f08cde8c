package dev.reseat.volume.service;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.volume.VolumeArguments.InitializeConnection;
import dev.reseat.contract.volume.VolumeArguments.RemoveExport;
import dev.reseat.contract.volume.VolumeArguments.TerminateConnection;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.service.VolumeLoader.LoadedVolume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Connections of hosts without attachments: the methods from before attachments had ids. They change the backend, and
 * in the state no more than what its driver has stored with the volume. Follows {@code cinder.volume.manager}; unlike
 * it, one volume is worked on by one at a time, and a failed connect takes back its own host's part only.
 */
public final class HostConnections {
    private static final System.Logger LOG = System.getLogger(HostConnections.class.getName());

    private final VolumeLoader volumes;
    private final VolumeLocks locks;
    private final ConnectionInitializer initializer;
    private final Backend backend;

    public HostConnections(Backend backend, VolumeLoader volumes, VolumeLocks locks) {
        this.backend = backend;
        this.volumes = volumes;
        this.locks = locks;
        this.initializer = new ConnectionInitializer(backend);
    }

    /** @return connection_info with {@code driver_volume_type} and {@code data}: a secret */
    public Map<String, Object> initialize(RequestContext context, InitializeConnection request) {
        try (KeyedLocks.Held lock = locks.toChange(request.volume().id(), "initialize_connection")) {
            LoadedVolume known = volumes.complete(context, request.volume(), lock.deadline());
            ConnectionInfo info =
                    initializer.initialize(known, ConnectionRequest.of(new Connector(request.connector())),
                            volumes.models(context, known, lock.deadline()), lock);
            LOG.log(System.Logger.Level.INFO, "volume {0} is open to {1}", known.row().id(),
                    request.connector().get("host"));
            return info.document().nested();
        }
    }

    /** Without a connector, every host is kept out. */
    public void terminate(RequestContext context, TerminateConnection request) {
        try (KeyedLocks.Held lock = locks.toChange(request.volumeId(), "terminate_connection")) {
            LoadedVolume known = volumes.load(context, request.volumeId(), lock.deadline());
            request.connector()
                    .ifPresentOrElse(
                            connector -> initializer.terminate(known.volume(),
                                    ConnectionRequest.of(new Connector(connector)), lock),
                            () -> initializer.terminateAll(known.volume(), lock));
            LOG.log(
                    System.Logger.Level.INFO,
                    "volume {0} is closed to {1}",
                    known.row().id(),
                    request.connector().map(connector -> connector.get("host")).orElse("all hosts"));
        }
    }

    public void removeExport(RequestContext context, RemoveExport request) {
        try (KeyedLocks.Held lock = locks.toChange(request.volumeId(), "remove_export")) {
            LoadedVolume known = volumes.load(context, request.volumeId(), lock.deadline());
            initializer.removeExport(known.volume(), lock);
            LOG.log(System.Logger.Level.INFO, "export of volume {0} is removed", known.row().id());
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("Remove volume export failed. (%s)", e);
        }
    }

    /** What the backend can do, as Cinder's {@code /capabilities} shows it. */
    public Map<String, Object> capabilities() {
        try {
            Map<String, Object> capabilities = new LinkedHashMap<>();
            capabilities.put("namespace", "OS::Storage::Capabilities::" + backend.host());
            capabilities.put("volume_backend_name", backend.backendName());
            capabilities.put("pool_name", null);
            capabilities.put("display_name", null);
            capabilities.put("description", null);
            capabilities.put("visibility", null);
            capabilities.put("replication_targets", List.of());
            capabilities.put("properties", Map.of());
            capabilities.putAll(backend.run("capabilities", locks.looking(), VolumeDriver::capabilities));
            return capabilities;
        } catch (DriverException e) {
            throw ConnectionInitializer.failed("Capabilities cannot be read: %s", e);
        }
    }
}
