package dev.reseat.compute.connector;

import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.runtime.Deadline;
import java.util.List;
import java.util.Optional;

/**
 * Connects this host to volumes over one protocol. Every method may be repeated: a caller whose reply was lost asks
 * again. Thread-safe for different volumes; the caller lets one thread at a time work on a volume. Nothing is ever
 * forced: a disconnect that could lose data fails. When the deadline is over, a method begins nothing more and fails
 * with {@link ConnectorException.Failed}.
 */
public interface VolumeConnector<C extends ConnectionInfo> {
    /** The connections it can make. */
    Class<C> handles();

    /**
     * When this returns, the host holds the volume until it is disconnected, whatever becomes of this process. A
     * connection that is there already is used.
     *
     * @throws ConnectorException.Busy somebody else holds the volume on this host
     * @throws ConnectorException.Failed nothing is left behind that {@link #disconnect} would not take down
     */
    Device connect(C connection, Deadline deadline);

    /**
     * When this returns, the host holds the volume no more; that was read back, not concluded from an exit code. A
     * connection that is not there is no failure.
     *
     * @throws ConnectorException.Busy the device is in use, and is still there
     * @throws ConnectorException.Failed it may be half done
     */
    void disconnect(C connection, Deadline deadline);

    /**
     * Returns unless nothing can be disconnected here now, whatever it is. Changes nothing; for whoever has something
     * else to take away first.
     *
     * @throws ConnectorException as {@link #disconnect} would
     */
    default void requireAble() {
        // a protocol that needs nothing of this host
    }

    /** What the host shows of the volume, one observation for each place it can show at. Changes nothing and does not
     * fail: what cannot be seen is unknown. */
    Inspection inspect(C connection);

    /** Everything that this host holds over this protocol, whoever took it; as {@link #inspect} otherwise. */
    default HostInventory.Result inventory() {
        return new HostInventory.Result(
                List.of(), Optional.empty(),
                List.of("held " + handles().getSimpleName() + " volumes cannot be listed"));
    }
}
