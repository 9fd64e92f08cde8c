package dev.reseat.api.remote;

import dev.reseat.api.model.AttachRequest;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.blockstorage.BlockStorageClient;
import dev.reseat.blockstorage.BlockStorageException;
import dev.reseat.contract.step.ReportTo;
import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ShowConnection;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.client.VersionCap;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The backend that holds a volume: our volume-manager where it listens, otherwise cinder-volume, as far as that offers
 * it. Who does it is looked up for every call; a volume of a cluster is looked for under the cluster's name first, as
 * Cinder does. Every method throws {@link RpcException}; a volume without host has no backend to ask and gives
 * {@link RpcException.NotDelivered}, and so does a method of Cinder's that nobody is there to run. Those of attachments
 * throw {@link BlockStorageException} too.
 */
public final class VolumeClient {
    private static final RpcVersion CONNECTIONS = RpcVersion.of(3, 0);
    private static final RpcVersion ATTACHES_OBJECTS = RpcVersion.of(3, 3);
    private static final RpcVersion DETACHES_OBJECTS = RpcVersion.of(3, 4);
    private static final RpcVersion ATTACHMENTS = RpcVersion.of(3, 9);

    private final RpcClient rpc;
    private final RemoteConfig config;
    private final Optional<BlockStorageClient> cinderApi;

    public VolumeClient(RpcClient rpc, RemoteConfig config) {
        this(rpc, config, Optional.empty());
    }

    /** @param cinderApi has all to do with attachments where it is there and no volume-manager of ours is */
    public VolumeClient(RpcClient rpc, RemoteConfig config, Optional<BlockStorageClient> cinderApi) {
        this.rpc = rpc;
        this.config = config;
        this.cinderApi = cinderApi;
    }

    /** Driver first: brings the backend into the shape of the status. Repeatable. A cinder-volume cannot. */
    public Performed<ResetStatus.Result> resetStatus(RequestContext context, Volume volume, String status) {
        return resetStatus(context, volume, status, working());
    }

    /** The same by a deadline. */
    public Performed<ResetStatus.Result> resetStatus(
            RequestContext context, Volume volume, String status, Deadline deadline) {
        var args = new ResetStatus(Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)), status);
        return ours(volume, deadline).ask(manager -> ours(manager)
                .call(context, ResetStatus.METHOD, args, ResetStatus.Result.class));
    }

    /**
     * The same as a step that is cast: the volume-manager asks whether it may act, and reports what a call would have
     * been answered. Returns when the broker has it; it disappears unread after {@link #reportTimeout}.
     *
     * @throws RpcException.NotDelivered if no volume-manager listens there, or it certainly was not sent
     */
    public void castReset(RequestContext context, Volume volume, String status, ReportTo reportTo) {
        var args = new ResetStatus(
                Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)), status, Optional.of(reportTo));
        ours(volume, probing()).have(manager -> {
            ours(manager).atVersion(VolumeRpc.CASTS_STEPS)
                    .expiring(config.reportTimeout())
                    .cast(context, ResetStatus.METHOD, args);
            return Optional.empty();
        });
    }

    /**
     * Has the one lock broken that a dead client has left on the volume. A cinder-volume cannot do that.
     *
     * @throws RpcException.NotDelivered if no volume-manager listens there
     */
    public BreakLock.Result breakLock(RequestContext context, Volume volume, Deadline deadline) {
        var args = new BreakLock(Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)));
        return ours(volume, deadline).have(manager -> ours(manager).atVersion(VolumeRpc.LOST_CLIENTS)
                .call(context, BreakLock.METHOD, args, BreakLock.Result.class)).answer();
    }

    /**
     * Has a client kept out of the whole backend of the volume. A cinder-volume cannot do that.
     *
     * @throws RpcException.NotDelivered if no volume-manager listens there
     */
    public FenceClient.Result fence(RequestContext context, Volume volume, FenceClient client, Deadline deadline) {
        return ours(volume, deadline).have(manager -> ours(manager).atVersion(VolumeRpc.LOST_CLIENTS)
                .call(context, FenceClient.METHOD, client, FenceClient.Result.class)).answer();
    }

    /** Whether a volume-manager of ours listens there. @throws RpcException.NotDelivered if the broker does not tell */
    public boolean hasManager(Volume volume) {
        return ours(volume, probing()).present().isPresent();
    }

    /** How long a step that was cast may take until its report. */
    public Duration reportTimeout() {
        return config.reportTimeout();
    }

    /** Who the backend sees at the volume. Changes nothing. A cinder-volume cannot be asked. */
    public Performed<DescribeConnections.Result> describeConnections(RequestContext context, Volume volume) {
        return describeConnections(context, volume, probing());
    }

    /** The same by a deadline. */
    public Performed<DescribeConnections.Result> describeConnections(
            RequestContext context, Volume volume, Deadline deadline) {
        var args = new DescribeConnections(Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)));
        return ours(volume, deadline).ask(manager -> ours(manager)
                .call(context, DescribeConnections.METHOD, args, DescribeConnections.Result.class));
    }

    /**
     * What the host of an attachment would be given now: a secret. Changes nothing. A cinder-volume cannot be asked,
     * nor can an older volume-manager.
     */
    public Performed<ShowConnection.Result> showConnection(
            RequestContext context, Volume volume, String attachmentId, Deadline deadline) {
        var args = new ShowConnection(
                Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)), attachmentId);
        return ours(volume, deadline).ask(manager -> ours(manager).atVersion(VolumeRpc.SHOWS_CONNECTIONS)
                .call(context, ShowConnection.METHOD, args, ShowConnection.Result.class));
    }

    /**
     * One page of all that a backend keeps. Changes nothing. A cinder-volume cannot be asked.
     *
     * @param services under which names it may listen, first choice first
     */
    public Performed<BackendInventory.Result> inventory(
            RequestContext context, List<String> services, BackendInventory question, Deadline deadline) {
        return new Peers(managers(services.stream()).toList(), config.probeTimeout(), deadline)
                .ask(manager -> ours(manager)
                        .call(context, BackendInventory.METHOD, question, BackendInventory.Result.class));
    }

    /** Takes one host's access away, or without a connector everybody's. */
    public Performer terminateConnection(
            RequestContext context, Volume volume, Optional<Map<String, Object>> connector) {
        var args = new VolumeArguments.TerminateConnection(volume.id(), connector, Optional.of(false));
        return have(volume, "terminate_connection", CONNECTIONS, context, args, working());
    }

    /** Exports the volume to the connector's host; no row tells of it. @return connection_info, a secret */
    public Map<String, Object> initializeConnection(
            RequestContext context, Volume volume, Map<String, Object> connector) {
        var args = new VolumeArguments.InitializeConnection(connector, CinderObjects.volume(volume));
        return backend(volume, working()).have(backend -> texts(backend.atVersion(CONNECTIONS)
                .call(context, "initialize_connection", args, Map.class))).answer();
    }

    /** Has the volume marked as attached; the backend has no part in it. */
    public Performer attachVolume(RequestContext context, Volume volume, AttachRequest request) {
        var args = new VolumeArguments.AttachVolume(
                volume.id(), request.instanceUuid(), request.hostName(), Optional.of(request.mountpoint()),
                Optional.of(request.mode()), Optional.of(CinderObjects.volume(volume)));
        return backend(volume, working())
                .have(backend -> backend.atVersion(ATTACHES_OBJECTS)
                        .call(context, "attach_volume", args, Object.class))
                .performer();
    }

    /**
     * Removes the export and has the rows say so.
     *
     * @param attachmentId needed where there are several
     */
    public Performer detachVolume(RequestContext context, Volume volume, Optional<String> attachmentId) {
        var args = new VolumeArguments.DetachVolume(
                volume.id(), attachmentId, Optional.of(CinderObjects.volume(volume)));
        return have(volume, "detach_volume", DETACHES_OBJECTS, context, args, working());
    }

    /**
     * Removes the volume's export, and says so only when it is done: a cinder-volume's {@code attachment_delete}
     * swallows a failure to do so, this does not.
     */
    public Performer removeExport(RequestContext context, Volume volume) {
        return removeExport(context, volume, working());
    }

    /** The same by a deadline. */
    public Performer removeExport(RequestContext context, Volume volume, Deadline deadline) {
        return have(volume, "remove_export", CONNECTIONS, context, new VolumeArguments.RemoveExport(volume.id()),
                deadline);
    }

    /**
     * Exports the volume to the connector's host.
     *
     * @return the new connection_info, a secret. Our volume-manager and a cinder-api have it stored in the attachment's
     *     row; of a cinder-volume's answer the caller has to store it
     */
    public Performed.Done<Map<String, Object>> attachmentUpdate(
            RequestContext context, Volume volume, Map<String, Object> connector, String attachmentId) {
        return attachmentUpdate(context, volume, connector, attachmentId, working());
    }

    /** The same by a deadline. */
    public Performed.Done<Map<String, Object>> attachmentUpdate(
            RequestContext context, Volume volume, Map<String, Object> connector, String attachmentId,
            Deadline deadline) {
        Optional<BlockStorageClient> through = through(volume, deadline);
        if (through.isPresent()) {
            return new Performed.Done<>(Performer.CINDER_API, through.get()
                    .updateAttachment(
                            requestId(context), attachmentId, connector, deadline.within(config.driverTimeout())));
        }
        var args = new VolumeArguments.AttachmentUpdate(CinderObjects.volume(volume), connector, attachmentId);
        return backend(volume, deadline).have(backend -> texts(
                backend.atVersion(ATTACHMENTS).call(context, "attachment_update", args, Map.class)));
    }

    private static Map<String, Object> texts(Map<?, ?> answer) {
        Map<String, Object> connectionInfo = new LinkedHashMap<>();
        Optional.ofNullable(answer)
                .orElse(Map.of())
                .forEach((key, value) -> connectionInfo.put(String.valueOf(key), value));
        return connectionInfo;
    }

    /**
     * Has the cinder-api make a blank attachment that keeps the volume for an instance. Each call makes another one.
     *
     * @return its id
     * @throws RpcException.NotDelivered if no cinder-api makes attachments of this volume
     */
    public String createAttachment(
            RequestContext context, Volume volume, String instanceUuid, Deadline deadline) {
        return through(volume, deadline)
                .orElseThrow(() -> new RpcException.NotDelivered("no cinder-api makes attachments of " + volume.id()))
                .createAttachment(
                        requestId(context), volume.id(), instanceUuid, deadline.within(config.driverTimeout()));
    }

    /**
     * The host of the attachment is connected.
     *
     * @return whether a cinder-api has written that; else the caller has to
     */
    public boolean completeAttachment(
            RequestContext context, Volume volume, String attachmentId, Deadline deadline) {
        Optional<BlockStorageClient> through = through(volume, deadline);
        through.ifPresent(api -> api.completeAttachment(
                requestId(context), attachmentId, deadline.within(config.driverTimeout())));
        return through.isPresent();
    }

    /** Whether a cinder-api makes and deletes attachments of this volume now, and not whoever asks. */
    public boolean attachesByCinderApi(Volume volume, Deadline deadline) {
        return through(volume, deadline).isPresent();
    }

    /**
     * As {@link #attachmentDelete}, for an attachment that is to go and leaves the volume to the others: a cinder-api
     * has deleted the row and written the volume's status too.
     */
    public Performer removeAttachment(
            RequestContext context, Volume volume, String attachmentId, Deadline deadline) {
        Optional<BlockStorageClient> through = through(volume, deadline);
        if (through.isEmpty()) {
            return attachmentDelete(context, volume, attachmentId, deadline);
        }
        through.get().deleteAttachment(requestId(context), attachmentId, deadline.within(config.driverTimeout()));
        return Performer.CINDER_API;
    }

    /** Takes the attachment's connection down; the row is the caller's to delete. */
    public Performer attachmentDelete(RequestContext context, Volume volume, String attachmentId) {
        return attachmentDelete(context, volume, attachmentId, working());
    }

    /** The same by a deadline. */
    public Performer attachmentDelete(
            RequestContext context, Volume volume, String attachmentId, Deadline deadline) {
        var args = new VolumeArguments.AttachmentDelete(attachmentId, CinderObjects.volume(volume));
        return have(volume, "attachment_delete", ATTACHMENTS, context, args, deadline);
    }

    /**
     * Has OpenStack's own volume service delete the volume: at the backend, in the quota and in its row. Returns when
     * that is done. Ours has no such method: only Cinder keeps its quota.
     *
     * @throws RpcException.NotDelivered if no cinder-volume listens there
     */
    public Performer deleteVolume(RequestContext context, Volume volume, Deadline deadline) {
        var args = new VolumeArguments.DeleteVolume(CinderObjects.volume(volume), false, false);
        return new Peers(cinders(volume).toList(), config.probeTimeout(), deadline)
                .have(backend -> backend.atVersion(CONNECTIONS).call(context, "delete_volume", args, Object.class))
                .performer();
    }

    /** Who would run Cinder's own methods for this volume now; empty if nobody listens. Sends nothing. */
    public Optional<Performer> performer(Volume volume) {
        return performer(volume, probing());
    }

    /** The same by a deadline. */
    public Optional<Performer> performer(Volume volume, Deadline deadline) {
        return backend(volume, deadline).present().map(Peers.Peer::performer);
    }

    /** Who would make, connect and disconnect an attachment of this volume now. */
    public Optional<Performer> attachmentPerformer(Volume volume) {
        Deadline deadline = probing();
        return through(volume, deadline).map(_ -> Performer.CINDER_API).or(() -> performer(volume, deadline));
    }

    /** The cinder-api, where one is set and no volume-manager of ours listens. */
    private Optional<BlockStorageClient> through(Volume volume, Deadline deadline) {
        return cinderApi.filter(_ -> volume.services().isEmpty() || ours(volume, deadline).present().isEmpty());
    }

    private static String requestId(RequestContext context) {
        return context.requestId().orElseGet(RequestContext::newRequestId);
    }

    /** By when a call is to be answered that stands alone. */
    public Deadline working() {
        return Deadline.after(config.driverTimeout());
    }

    private Deadline probing() {
        return Deadline.after(config.probeTimeout());
    }

    private Performer have(
            Volume volume, String method, RpcVersion version, RequestContext context, Object args, Deadline deadline) {
        return backend(volume, deadline)
                .have(backend -> backend.atVersion(version).call(context, method, args, Void.class))
                .performer();
    }

    /** Not capped: the namespace is ours, with versions of its own. */
    private static PreparedCall ours(PreparedCall manager) {
        return manager.inNamespace(VolumeRpc.NAMESPACE).atVersion(VolumeRpc.NAMESPACE_FIRST);
    }

    private Peers ours(Volume volume, Deadline deadline) {
        return new Peers(managers(hosts(volume)).toList(), config.probeTimeout(), deadline);
    }

    private Peers backend(Volume volume, Deadline deadline) {
        return new Peers(
                Stream.concat(managers(hosts(volume)), cinders(volume)).toList(), config.probeTimeout(), deadline);
    }

    private Stream<Peers.Peer> cinders(Volume volume) {
        return hosts(volume).map(host -> {
            Optional<VersionCap> cap = config.volumeCap();
            PreparedCall uncapped = rpc.prepare(
                    cap.map(VersionCap::version).filter(VolumeRpc::isOfOldAddresses).isPresent()
                            ? VolumeRpc.oldBackend(config.volumeExchange(), host)
                            : VolumeRpc.backend(config.volumeExchange(), host));
            PreparedCall cinder = cap.map(uncapped::cappedAt).orElse(uncapped);
            return new Peers.Peer(Performer.CINDER_VOLUME, config.working(cinder));
        });
    }

    private Stream<Peers.Peer> managers(Stream<String> hosts) {
        return hosts
                .map(host -> new Peers.Peer(
                        Performer.VOLUME_MANAGER, config.working(rpc.prepare(VolumeRpc.own(host)))));
    }

    private static Stream<String> hosts(Volume volume) {
        List<String> hosts = volume.services();
        if (hosts.isEmpty()) {
            throw new RpcException.NotDelivered("volume " + volume.id() + " is on no host");
        }
        return hosts.stream();
    }
}
