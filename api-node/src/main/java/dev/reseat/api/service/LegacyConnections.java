package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;

/** The parts of Cinder's flow from before attachments that compute services still call. */
public final class LegacyConnections {
    private final Database database;
    private final Volumes volumes;
    private final VolumeTable table;
    private final VolumeClient backend;
    private final DetachGuard guard;

    @Inject
    public LegacyConnections(
            Database database,
            Volumes volumes,
            VolumeTable table,
            VolumeClient backend,
            DetachGuard guard) {
        this.database = database;
        this.volumes = volumes;
        this.table = table;
        this.backend = backend;
        this.guard = guard;
    }

    /**
     * {@code os-terminate_connection}: takes a host's access away; changes no row.
     *
     * @throws ServiceException.Conflict if a server counts on a connection of the volume, and no service asks
     */
    public void terminateConnection(RequestContext context, String volumeId, Map<String, Object> connector) {
        Volume volume = volumes.show(context, volumeId);
        guard.check(context, volume);
        RemoteCall.backendOf(volume).tell(() -> backend.terminateConnection(context, volume, connector));
    }

    /** {@code os-roll_detaching}: a volume that is {@code detaching} is {@code in-use} again; any other stays. */
    public void rollDetaching(RequestContext context, String volumeId) {
        Volume volume = volumes.show(context, volumeId);
        database.cinder()
                .run(tx -> table.casStatus(tx, volume.id(), Set.of("detaching"), "in-use"));
    }
}
