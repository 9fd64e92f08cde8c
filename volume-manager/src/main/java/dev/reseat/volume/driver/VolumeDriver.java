package dev.reseat.volume.driver;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.runtime.Deadline;
import java.util.Map;
import java.util.Optional;

/**
 * One storage backend. Every method is idempotent: the caller may repeat a call whose reply was lost, and a process
 * killed at any instant leaves nothing that a repetition does not put right. Thread-safe; different volumes are worked
 * on at the same time, and callers never run two methods on one volume at once. Methods block until the backend has
 * answered, and fail with a {@link DriverException}.
 *
 * <p>The deadline binds both sides. The caller waits for it and no longer, and then takes the outcome for unknown. The
 * driver begins nothing more when it is over, so that a call that comes back late, from a backend that did not answer,
 * does no harm to what was done since: {@link DriverException.OutOfTime#check}.
 *
 * <p>More abilities are further interfaces: {@link DescribesConnections}, {@link ListsVolumes}, {@link BreaksLocks},
 * {@link FencesClients}. After {@code cinder.volume.driver}.
 */
public interface VolumeDriver {
    /** What it is called in {@code volume_driver}. */
    String name();

    /**
     * Returns when the backend can be worked with. Called before anything else, until it succeeds once.
     *
     * @throws DriverException.NotReady with the reason
     */
    void prepare(Deadline deadline);

    /**
     * Looks whether the backend can be worked with now, and changes nothing. Asked for the backend's health, at any
     * time.
     *
     * @throws DriverException.NotReady with the reason
     */
    void probe(Deadline deadline);

    /** What Cinder's {@code get_capabilities} says of the driver, apart from the backend's name. */
    Map<String, Object> capabilities();

    /**
     * Looks whether a host says enough about itself. Does not ask the backend.
     *
     * @throws DriverException.ConnectorRejected if it does not
     */
    void validate(Connector connector);

    /**
     * Makes the volume ready to be opened to a host. An export that is there already stays as it is.
     *
     * @return what is to be stored with the volume, the same each time while the export is there; empty if nothing is
     * @throws DriverException.VolumeMissing if the backend does not have the volume
     */
    Optional<ModelUpdate> createExport(BackendVolume volume, ConnectionRequest access, Deadline deadline);

    /**
     * Lets the host in, after {@link #createExport}.
     *
     * @return how the host reaches the volume: the same each time until the connection is terminated
     */
    ConnectionInfo initializeConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline);

    /**
     * Keeps the host out from now on. A connection that is not there is terminated already. Without an attachment in
     * {@code access}, a host with several live attachments keeps its connection: it goes with the last one.
     */
    ExportUse terminateConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline);

    /** Keeps every host out. */
    void terminateConnections(BackendVolume volume, Deadline deadline);

    /** Removes the export with every connection through it. An export that is not there is removed already. */
    void removeExport(BackendVolume volume, Deadline deadline);
}
