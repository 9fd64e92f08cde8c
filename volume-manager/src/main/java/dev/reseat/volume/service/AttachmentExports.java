package dev.reseat.volume.service;

import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.VolumeArguments.AttachVolume;
import dev.reseat.contract.volume.VolumeArguments.AttachmentDelete;
import dev.reseat.contract.volume.VolumeArguments.AttachmentUpdate;
import dev.reseat.contract.volume.VolumeArguments.DetachVolume;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ExportUse;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.service.VolumeLoader.LoadedVolume;
import dev.reseat.volume.state.StateClient;
import dev.reseat.volume.state.StateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attachments: the backend first, the state after it has answered. Follows {@code cinder.volume.manager}; unlike it, a
 * volume that others are still connected to keeps its export when one attachment is detached, and a failed attach
 * leaves no attachment behind.
 */
public final class AttachmentExports {
    private static final System.Logger LOG = System.getLogger(AttachmentExports.class.getName());
    /**
     * How Cinder's API stores an attachment's mode when none was given: the connector's counts then. Of one that is
     * created with its connector it stores none at all before, and a connector has none then either.
     */
    private static final String NO_MODE = "null";

    private final VolumeLoader volumes;
    private final StateClient state;
    private final VolumeLocks locks;
    private final ConnectionInitializer initializer;
    private final Backend backend;

    public AttachmentExports(Backend backend, VolumeLoader volumes, StateClient state, VolumeLocks locks) {
        this.backend = backend;
        this.volumes = volumes;
        this.state = state;
        this.locks = locks;
        this.initializer = new ConnectionInitializer(backend);
    }

    /**
     * Lets the connector's host in and has that committed; the volume is {@code attaching} then. Repeatable.
     *
     * @return connection_info, flat: a secret
     */
    public Map<String, Object> update(RequestContext context, AttachmentUpdate request) {
        try (KeyedLocks.Held lock = locks.toChange(request.vref().id(), "attachment_update")) {
            VolumeAttachmentObject row = state.by(lock.deadline()).attachment(context, request.attachmentId());
            checkBelongs(row, request.vref().id());
            LoadedVolume known = volumes.complete(context, request.vref(), lock.deadline());
            Connector given = new Connector(request.connector());
            boolean own = row.attachMode().equals(Optional.of(NO_MODE));
            Connector connector = own ? given : given.with("mode", row.attachMode().orElse(null));
            ConnectionRequest access = new ConnectionRequest(connector, Optional.of(row.id()), row.instanceUuid());
            Map<String, Object> flat = initializer
                    .initialize(known, access, volumes.models(context, known, lock.deadline()), lock)
                    .document()
                    .flat(row.id());
            var connected = new StateRpc.AttachmentConnected(
                    row.id(),
                    connector.values(),
                    flat,
                    own ? Optional.of(mode(given)) : row.attachMode());
            commit(context, connected, known, access, row, lock);
            LOG.log(System.Logger.Level.INFO, "volume {0} is open to {1}", known.row().id(), access.connector());
            return flat;
        }
    }

    private static String mode(Connector connector) {
        return connector.values().get("mode") instanceof String mode ? mode : "rw";
    }

    /** A change that is known not to be committed is taken back, unless the host was let in before already. */
    private void commit(
            RequestContext context,
            StateRpc.AttachmentConnected connected,
            LoadedVolume known,
            ConnectionRequest access,
            VolumeAttachmentObject before,
            KeyedLocks.Held lock) {
        try {
            state.by(lock.deadline()).commit(context, connected);
        } catch (RpcException.RemoteFailure | StateException.Unavailable e) {
            if (before.connector().isEmpty()) {
                initializer.takeBack(known.volume(), access, lock, e);
            }
            throw e;
        }
    }

    /**
     * Keeps the attachment's host out. The state is the caller's business. An export that stays behind is logged only.
     */
    public void delete(RequestContext context, AttachmentDelete request) {
        try (KeyedLocks.Held lock = locks.toChange(request.vref().id(), "attachment_delete")) {
            requireReady(lock.deadline());
            VolumeAttachmentObject row = state.by(lock.deadline()).attachment(context, request.attachmentId());
            checkBelongs(row, request.vref().id());
            LoadedVolume known = volumes.complete(context, request.vref(), lock.deadline());
            Optional<ConnectionRequest> access = VolumeLoader.attachment(row).access();
            if (access.isEmpty()) {
                LOG.log(System.Logger.Level.INFO, "attachment {0} was never connected", row.id());
                return;
            }
            if (initializer.terminate(known.volume(), access.get(), lock) == ExportUse.NONE) {
                try {
                    initializer.removeExport(known.volume(), lock);
                } catch (DriverException.OutOfTime e) {
                    throw new VolumeException.OutcomeUnknown(e.getMessage(), e);
                } catch (DriverException e) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "export of volume {0} stays behind: {1}",
                            known.row().id(),
                            e.getMessage());
                }
            }
            LOG.log(System.Logger.Level.INFO, "volume {0} is closed to {1}", known.row().id(),
                    access.get().connector());
        }
    }

    /** Has the volume marked as attached. The driver has no part in it beyond being ready. */
    public VolumeAttachmentObject attach(RequestContext context, AttachVolume request) {
        try (KeyedLocks.Held lock = locks.toChange(request.volumeId(), "attach_volume")) {
            VolumeObject row =
                    volumes.find(context, Optional.of(request.volumeId()), request.volume(), lock.deadline()).row();
            checkAttachable(row, request);
            requireReady(lock.deadline());
            return state.by(lock.deadline())
                    .commit(
                            context,
                            new StateRpc.Attach(
                                    request.volumeId(),
                                    request.instanceUuid(),
                                    request.hostName(),
                                    request.mountpoint(),
                                    request.mode()));
        }
    }

    /**
     * Removes the export and has the volume marked as detached. Without an attachment, the state alone is set right.
     */
    public void detach(RequestContext context, DetachVolume request) {
        try (KeyedLocks.Held lock = locks.toChange(request.volumeId(), "detach_volume")) {
            LoadedVolume known = volumes.load(context, request.volumeId(), lock.deadline());
            Optional<VolumeAttachment> attachment = attachmentOf(known, request);
            if (attachment.isPresent()) {
                try {
                    takeDown(known, attachment.get(), lock);
                } catch (DriverException.NotReady e) {
                    throw new VolumeException.DriverNotReady(e.getMessage(), e);
                } catch (DriverException.OutOfTime e) {
                    throw new VolumeException.OutcomeUnknown(e.getMessage(), e);
                } catch (DriverException e) {
                    throw new VolumeException.ExportNotRemoved(known.row().id(), e.getMessage(), e);
                }
            }
            Optional<String> finished = attachment.map(VolumeAttachment::id).or(request::attachmentId);
            state.by(lock.deadline()).commit(context, new StateRpc.FinishDetach(request.volumeId(), finished));
            LOG.log(System.Logger.Level.INFO, "volume {0} is detached", known.row().id());
        }
    }

    private void takeDown(LoadedVolume known, VolumeAttachment attachment, KeyedLocks.Held lock) {
        boolean alone = known.volume()
                .attachments()
                .stream()
                .noneMatch(other -> !other.id().equals(attachment.id()) && other.connector().isPresent());
        if (alone) {
            initializer.removeExport(known.volume(), lock);
        } else {
            attachment.access()
                    .ifPresent(access -> backend.run(
                            "terminate_connection",
                            lock,
                            driver -> driver.terminateConnection(known.volume(), access, lock.deadline())));
        }
    }

    private static Optional<VolumeAttachment> attachmentOf(LoadedVolume known, DetachVolume request) {
        List<VolumeAttachment> live = known.volume().attachments();
        if (request.attachmentId().isPresent()) {
            return live.stream().filter(attachment -> attachment.id().equals(request.attachmentId().get())).findFirst();
        }
        if (live.size() > 1) {
            throw new VolumeException.InvalidVolume(
                    "Detach volume failed: More than one attachment, but no attachment_id provided.");
        }
        return live.stream().findFirst();
    }

    private static void checkAttachable(VolumeObject row, AttachVolume request) {
        Map<String, String> admin = row.adminMetadata().orElse(Map.of());
        String mode = request.mode().orElse(NO_MODE);
        if (isAttachedTo(row, request)) {
            return;
        }
        if (row.status().filter("attaching"::equals).isPresent()
                && !admin.getOrDefault("attached_mode", mode).equals(mode)) {
            throw new VolumeException.InvalidVolume("being attached by different mode");
        }
        if (row.status().filter("in-use"::equals).isPresent() && !row.multiattach().orElse(false)
                && row.migrationStatus().isEmpty()) {
            throw new VolumeException.InvalidVolume(
                    "volume is already attached and multiple attachments are not enabled");
        }
        if ("True".equals(admin.get("readonly")) && !mode.equals("ro")) {
            throw new VolumeException.InvalidAttachMode(mode, row.id());
        }
    }

    private static boolean isAttachedTo(VolumeObject row, AttachVolume request) {
        return row.volumeAttachment()
                .stream()
                .flatMap(list -> list.objects().stream())
                .anyMatch(attachment -> request.instanceUuid().isPresent()
                        ? attachment.instanceUuid().equals(request.instanceUuid())
                        : request.hostName().isPresent() && attachment.attachedHost().equals(request.hostName()));
    }

    private void requireReady(Deadline deadline) {
        try {
            backend.makeReady(deadline);
        } catch (DriverException e) {
            throw new VolumeException.DriverNotReady(e.getMessage(), e);
        }
    }

    private static void checkBelongs(VolumeAttachmentObject row, String volumeId) {
        if (row.volumeId().filter(owner -> !owner.equals(volumeId)).isPresent()) {
            throw new VolumeException.InvalidInput("attachment " + row.id() + " is not of volume " + volumeId);
        }
    }
}
