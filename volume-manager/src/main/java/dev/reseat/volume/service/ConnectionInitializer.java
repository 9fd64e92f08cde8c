package dev.reseat.volume.service;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ExportUse;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.service.VolumeLoader.LoadedVolume;
import dev.reseat.volume.state.StateException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Lets a host in and keeps it out: the driver's part of a connection, in Cinder's order and with its messages. */
final class ConnectionInitializer {
    private final Backend backend;

    ConnectionInitializer(Backend backend) {
        this.backend = backend;
    }

    /**
     * Validate, export, store what the driver says of the export, connect. If one of the last two fails, what the first
     * ones made is taken back.
     *
     * @param models where the driver's model update is kept: fails as the state service does
     * @return what the host needs, with the options that Cinder adds
     */
    ConnectionInfo initialize(
            LoadedVolume known, ConnectionRequest access, ModelStore models, KeyedLocks.Held lock) {
        BackendVolume volume = known.volume();
        try {
            backend.run("validate_connector", lock, driver -> {
                driver.validate(access.connector());
                return null;
            });
        } catch (DriverException.ConnectorRejected e) {
            throw new VolumeException.InvalidInput(e.getMessage());
        } catch (DriverException e) {
            throw failed("Validate volume connection failed (error: %s).", e);
        }
        BackendVolume exported = export(volume, access, models, lock);
        try {
            ConnectionInfo info = backend.run("initialize_connection", lock,
                    driver -> driver.initializeConnection(exported, access, lock.deadline()));
            return whole(info, known.row(), access);
        } catch (DriverException e) {
            takeBack(exported, access, lock, e);
            throw failed("Driver initialize connection failed (error: %s).", e);
        }
    }

    private BackendVolume export(BackendVolume volume, ConnectionRequest access, ModelStore models,
            KeyedLocks.Held lock) {
        Optional<ModelUpdate> update;
        try {
            update = backend.run("create_export", lock,
                    driver -> driver.createExport(volume, access, lock.deadline()));
        } catch (DriverException e) {
            throw failed("Create export for volume failed (%s).", e);
        }
        try {
            return models.stored(volume, update);
        } catch (RpcException.RemoteFailure | StateException.Unavailable e) {
            takeBack(update.map(volume::with).orElse(volume), access, lock, e);
            throw e;
        }
    }

    /** Keeps one host out; says whether the export has to stay for others. */
    ExportUse terminate(BackendVolume volume, ConnectionRequest access, KeyedLocks.Held lock) {
        try {
            return backend.run("terminate_connection", lock,
                    driver -> driver.terminateConnection(volume, access, lock.deadline()));
        } catch (DriverException e) {
            throw failed("Terminate volume connection failed: %s", e);
        }
    }

    void terminateAll(BackendVolume volume, KeyedLocks.Held lock) {
        try {
            backend.run("terminate_connection", lock, driver -> {
                driver.terminateConnections(volume, lock.deadline());
                return null;
            });
        } catch (DriverException e) {
            throw failed("Terminate volume connection failed: %s", e);
        }
    }

    void removeExport(BackendVolume volume, KeyedLocks.Held lock) {
        backend.run("remove_export", lock, driver -> {
            driver.removeExport(volume, lock.deadline());
            return null;
        });
    }

    /**
     * Takes back what {@link #initialize} has done for this one; a failure of that is kept with the first one. There
     * may be no time left for it: what a driver was given up in is nobody's to take back before it has come back.
     */
    void takeBack(BackendVolume volume, ConnectionRequest access, KeyedLocks.Held lock, RuntimeException first) {
        try {
            if (backend.run("terminate_connection", lock,
                    driver -> driver.terminateConnection(volume, access, lock.deadline())) == ExportUse.NONE) {
                removeExport(volume, lock);
            }
        } catch (DriverException e) {
            first.addSuppressed(e);
        }
    }

    static VolumeException failed(String message, DriverException cause) {
        return switch (cause) {
            case DriverException.NotReady _ -> new VolumeException.DriverNotReady(cause.getMessage(), cause);
            case DriverException.OutOfTime _ ->
                new VolumeException.OutcomeUnknown(message.formatted(cause.getMessage()), cause);
            case DriverException.ConnectorRejected _,DriverException.VolumeMissing _,DriverException.BackendFailed _ ->
                new VolumeException.BackendFailed(message.formatted(cause.getMessage()), cause);
        };
    }

    /** What a driver says, and what Cinder adds to any driver's data. */
    static ConnectionInfo whole(ConnectionInfo info, VolumeObject row, ConnectionRequest access) {
        return info.with(options(info, row, access));
    }

    private static Map<String, Object> options(ConnectionInfo info, VolumeObject row, ConnectionRequest access) {
        Map<String, String> admin = row.adminMetadata().orElse(Map.of());
        String mode = "True".equals(admin.get("readonly")) ? "ro" : "rw";
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("qos_specs", null);
        options.put("access_mode", admin.getOrDefault("attached_mode", mode));
        options.put("encrypted", info.document().data().getOrDefault("encrypted", row.encryptionKeyId().isPresent()));
        options.put("cacheable", info.document().data().getOrDefault("cacheable", false));
        options.put(
                "enforce_multipath",
                access.connector().enforcesMultipath());
        return options;
    }
}
