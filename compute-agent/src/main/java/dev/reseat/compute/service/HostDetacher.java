package dev.reseat.compute.service;

import dev.reseat.compute.cinder.BlockStorageClient;
import dev.reseat.compute.cinder.BlockStorageException;
import dev.reseat.compute.cinder.Volume;
import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.guest.Guest;
import dev.reseat.compute.guest.Guests;
import dev.reseat.compute.host.HostIdentity;
import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * The part of a removal that happens on this host: guest first, then the connection; each step in the journal before.
 */
final class HostDetacher {
    private static final System.Logger LOG = System.getLogger(HostDetacher.class.getName());

    private final Guests guests;
    private final Connectors connectors;
    private final BlockStorageClient blockStorage;
    private final HostIdentity host;
    private final RemovalJournal journal;

    @Inject
    HostDetacher(
            Guests guests,
            Connectors connectors,
            BlockStorageClient blockStorage,
            HostIdentity host,
            RemovalJournal journal) {
        this.guests = guests;
        this.connectors = connectors;
        this.blockStorage = blockStorage;
        this.host = host;
        this.journal = journal;
    }

    /**
     * When this returns, neither the guest nor this host has the volume, and the journal says so. Repeatable.
     *
     * @param lock the volume's; what the host does not come back with by its deadline keeps it
     * @param connection empty if Nova recorded none; then there is nothing to disconnect
     */
    void detach(Removal removal, Guest guest, Optional<ConnectionInfo> connection, KeyedLocks.Held lock) {
        journal.write(removal.at(Removal.Step.GUEST));
        guests.detach(guest, removal.volumeId(), lock.deadline());
        journal.write(removal.at(Removal.Step.HOST));
        connection.ifPresentOrElse(
                info -> disconnect(removal, info, lock),
                () -> LOG.log(System.Logger.Level.WARNING,
                        "volume {0} of instance {1} has no connection_info: nothing to disconnect",
                        removal.volumeId(), removal.instanceUuid()));
        journal.write(removal.at(Removal.Step.BLOCK_STORAGE));
    }

    private void disconnect(Removal removal, ConnectionInfo connection, KeyedLocks.Held lock) {
        if (connection.shared() && isSharedHere(removal, lock.deadline())) {
            LOG.log(System.Logger.Level.INFO,
                    "volume {0} stays connected: another instance on this host uses it", removal.volumeId());
            return;
        }
        connectors.disconnect(connection, lock);
    }

    /** A connection goes only with the last attachment of this host. */
    private boolean isSharedHere(Removal removal, Deadline deadline) {
        String requestId = removal.requestId().orElse("-");
        try {
            return blockStorage.volume(requestId, removal.volumeId(), deadline)
                    .attachments()
                    .stream()
                    .filter(attachment -> attachment.hostName().equals(host.name()))
                    .map(Volume.Attachment::serverId)
                    .anyMatch(server -> !server.equals(removal.instanceUuid()));
        } catch (BlockStorageException.NotFound e) {
            return false; // nobody can be attached to a volume that is not there
        }
    }
}
