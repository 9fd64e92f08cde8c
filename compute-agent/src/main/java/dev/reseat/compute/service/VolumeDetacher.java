package dev.reseat.compute.service;

import dev.reseat.blockstorage.BlockStorageClient;
import dev.reseat.blockstorage.BlockStorageException;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.guest.Guest;
import dev.reseat.compute.guest.GuestRefused;
import dev.reseat.compute.host.HostIdentity;
import dev.reseat.compute.host.HostUnreadable;
import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.contract.compute.BlockDeviceMappingObject;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.step.Admission;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Removes a volume's connection, in the order of Nova's {@code ComputeManager.remove_volume_connection}: mapping,
 * guest, host, block storage. Every step may be repeated, and each is in the journal before it is done.
 */
public final class VolumeDetacher {
    private static final System.Logger LOG = System.getLogger(VolumeDetacher.class.getName());
    private static final Set<String> HAS_GUEST = Set.of("active", "paused", "rescued");

    private final ConductorClient conductor;
    private final HostDetacher hostDetacher;
    private final BlockStorageClient blockStorage;
    private final HostIdentity host;
    private final RemovalJournal journal;
    private final KeyedLocks locks;
    private final RequestTimes times;
    private final InstantSource clock;

    @Inject
    VolumeDetacher(
            ConductorClient conductor,
            HostDetacher hostDetacher,
            BlockStorageClient blockStorage,
            HostIdentity host,
            RemovalJournal journal,
            KeyedLocks locks,
            RequestTimes times,
            InstantSource clock) {
        this.conductor = conductor;
        this.hostDetacher = hostDetacher;
        this.blockStorage = blockStorage;
        this.host = host;
        this.journal = journal;
        this.locks = locks;
        this.times = times;
        this.clock = clock;
    }

    /**
     * When this returns, guest and host are rid of the volume; a connection of the time before attachments is
     * terminated at the backend, and an attachment is deleted if that was asked for. Nothing is done for a volume that
     * Nova does not have in the instance. The mapping itself stays as it is.
     *
     * @param admission required once it is this one's turn and before anything is taken away; what it throws comes
     *     through, with nothing done
     * @param outer when its caller gives up; no longer than the host may take anyway
     * @throws RemovalFailed after a failure of the guest or the host, a volume that was detaching is in use again
     * @throws dev.reseat.rpc.RpcException the conductor could not be asked: nothing was done
     */
    public void remove(RequestContext context, InstanceObject instance, String volumeId, boolean deleteAttachment,
            Admission admission, Deadline outer) {
        try (KeyedLocks.Held lock = hold(volumeId, outer)) {
            Optional<BlockDeviceMappingObject> mapping =
                    conductor.mapping(context, volumeId, instance.uuid(), lock.deadline());
            if (mapping.isEmpty()) {
                forget(volumeId, instance.uuid());
                return;
            }
            admission.require();
            remove(context, instance, mapping.get(), volumeId, deleteAttachment, lock);
        }
    }

    private KeyedLocks.Held hold(String volumeId, Deadline outer) {
        try {
            return locks.hold("volume " + volumeId, RemoveVolumeConnection.METHOD, outer.within(times.changing()));
        } catch (KeyedLocks.TimedOut e) {
            throw new RemovalFailed.NotDetached("-", e);
        }
    }

    private void remove(RequestContext context, InstanceObject instance, BlockDeviceMappingObject mapping,
            String volumeId, boolean deleteAttachment, KeyedLocks.Held lock) {
        String requestId = context.requestId().orElseGet(RequestContext::newRequestId);
        Optional<ConnectionInfo> connection;
        Removal removal;
        Map<String, Object> connector; // of the time before attachments: read before anything is done
        try {
            connection = connection(mapping);
            removal = removal(mapping, instance.uuid(), volumeId, deleteAttachment, connection, requestId);
            connector = removal.attachmentId().isEmpty() ? host.connector(lock.deadline()) : Map.of();
            hostDetacher.detach(removal, guest(instance), connection, lock);
        } catch (ConnectorException.OutOfTime e) {
            throw new RemovalFailed.OutcomeUnknown(e); // the journal keeps it: nobody knows what is to be taken back
        } catch (GuestRefused | ConnectorException | BlockStorageException | HostUnreadable e) {
            giveUp(requestId, volumeId, instance.uuid(), e, lock.deadline());
            throw e instanceof ConnectorException.NotSupported
                    ? new RemovalFailed.NoConnector(e)
                    : new RemovalFailed.NotDetached(mapping.deviceName().orElse("-"), e);
        }
        tellBlockStorage(removal, connector, lock.deadline());
        journal.close(volumeId, instance.uuid());
        LOG.log(System.Logger.Level.INFO, "{0} is complete", removal);
    }

    /** Nova has let go of the pair: what only its caller could have asked for again is settled another way. */
    private void forget(String volumeId, String instanceUuid) {
        LOG.log(System.Logger.Level.INFO, "volume {0} is not mapped to instance {1}: nothing to remove",
                volumeId, instanceUuid);
        journal.find(volumeId, instanceUuid)
                .filter(removal -> !removal.touchesHost())
                .ifPresent(_ -> journal.close(volumeId, instanceUuid));
    }

    /** The volume as Nova knows it is still attached: the state it may have been put in for this goes back. */
    private void giveUp(String requestId, String volumeId, String instanceUuid, RuntimeException failure,
            Deadline deadline) {
        try {
            blockStorage.rollDetaching(requestId, volumeId, deadline);
        } catch (BlockStorageException e) {
            failure.addSuppressed(e);
        }
        journal.close(volumeId, instanceUuid); // the caller is told, and decides
    }

    private void tellBlockStorage(Removal removal, Map<String, Object> connector, Deadline deadline) {
        String requestId = removal.requestId().orElse("-");
        try {
            if (removal.attachmentId().isEmpty()) {
                blockStorage.terminateConnection(requestId, removal.volumeId(), connector, deadline);
            } else if (removal.deletesAttachment()) {
                blockStorage.deleteAttachment(requestId, removal.attachmentId().get(), deadline);
            }
        } catch (BlockStorageException.NotFound e) {
            LOG.log(System.Logger.Level.WARNING, "block storage does not know volume {0}", removal.volumeId());
        } catch (BlockStorageException.Refused e) {
            throw new RemovalFailed.BlockStorageRefused(e.status(), e);
        } catch (BlockStorageException e) {
            throw new RemovalFailed.BlockStorageSilent(e);
        }
    }

    private Removal removal(BlockDeviceMappingObject mapping, String instanceUuid, String volumeId,
            boolean deleteAttachment, Optional<ConnectionInfo> connection, String requestId) {
        return new Removal(
                volumeId, instanceUuid, mapping.attachmentId(), deleteAttachment,
                connection.map(ConnectionInfo::type),
                connection.flatMap(VolumeDetacher::device),
                Optional.of(requestId), clock.instant(), Removal.Step.GUEST);
    }

    private static Optional<String> device(ConnectionInfo connection) {
        return connection instanceof ConnectionInfo.Local local
                ? Optional.of(local.device().toString())
                : Optional.empty();
    }

    static Optional<ConnectionInfo> connection(BlockDeviceMappingObject mapping) {
        try {
            return mapping.connectionInfo().map(ConnectionInfo::parse); // an emptied one is damaged, not absent
        } catch (MalformedConnection e) {
            throw new ConnectorException.Unreadable(e.getMessage());
        }
    }

    Guest guest(InstanceObject instance) {
        boolean here = instance.host().filter(host.name()::equals).isPresent();
        return new Guest(instance.uuid(), here && instance.vmState().filter(HAS_GUEST::contains).isPresent());
    }
}
