package dev.reseat.compute.service;

import dev.reseat.blockstorage.BlockStorageClient;
import dev.reseat.blockstorage.BlockStorageException;
import dev.reseat.blockstorage.CinderVolume;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.guest.Guest;
import dev.reseat.compute.guest.Guests;
import dev.reseat.compute.host.HostIdentity;
import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
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
     * When this returns, neither the guest nor this host has the volume, and the journal says so. Repeatable. What
     * would keep the host from letting go is found out before the guest is asked to: a guest that has lost its disk
     * for a removal that is then refused is worse off than before.
     *
     * @param lock the volume's; what the host does not come back with by its deadline keeps it
     * @param connection empty if Nova recorded none; then there is nothing to disconnect
     */
    void detach(Removal removal, Guest guest, Optional<ConnectionInfo> connection, KeyedLocks.Held lock) {
        connection.ifPresent(info -> requireAble(removal, info, lock.deadline()));
        journal.write(removal.at(Removal.Step.GUEST));
        guests.detach(guest, GuestVolumes.of(removal.volumeId(), connection), lock.deadline());
        journal.write(removal.at(Removal.Step.HOST));
        connection.ifPresentOrElse(
                info -> disconnect(removal, info, lock),
                () -> LOG.log(System.Logger.Level.WARNING,
                        "volume {0} of instance {1} has no connection_info: nothing to disconnect",
                        removal.volumeId(), removal.instanceUuid()));
        journal.write(removal.at(Removal.Step.BLOCK_STORAGE));
    }

    private void requireAble(Removal removal, ConnectionInfo connection, Deadline deadline) {
        if (!staysForOthers(removal, connection, deadline)) {
            connectors.requireAble(connection, deadline);
        }
    }

    /** Asked again: meanwhile others may have come or gone. */
    private void disconnect(Removal removal, ConnectionInfo connection, KeyedLocks.Held lock) {
        if (staysForOthers(removal, connection, lock.deadline())) {
            LOG.log(System.Logger.Level.INFO, "volume {0} stays connected: another instance on this host uses it",
                    removal.volumeId());
        } else {
            connectors.disconnect(connection, lock);
        }
    }

    private boolean staysForOthers(Removal removal, ConnectionInfo connection, Deadline deadline) {
        return switch (connection.shared() ? isSharedHere(removal, deadline) : Answer.NO) {
            case YES -> true;
            case NO -> false;
            case UNKNOWN -> throw new ConnectorException.Failed("whether another instance on this host uses volume "
                    + removal.volumeId() + " cannot be told: block storage shows the hosts of attachments to"
                    + " administrators only, and this agent's account is none");
        };
    }

    /**
     * A connection goes only with the last attachment of this host. An attachment of another instance whose host is not
     * shown may be on this one.
     */
    private Answer isSharedHere(Removal removal, Deadline deadline) {
        String requestId = removal.requestId().orElse("-");
        try {
            return blockStorage.volume(requestId, removal.volumeId(), deadline)
                    .attachments()
                    .stream()
                    .filter(attachment -> !attachment.serverId().equals(removal.instanceUuid()))
                    .map(this::isHere)
                    .reduce(Answer.NO, Answer::or);
        } catch (BlockStorageException.NotFound e) {
            return Answer.NO; // nobody can be attached to a volume that is not there
        }
    }

    private Answer isHere(CinderVolume.Attachment attachment) {
        return attachment.hostName().isEmpty() ? Answer.UNKNOWN : Answer.of(attachment.hostName().equals(host.name()));
    }
}
