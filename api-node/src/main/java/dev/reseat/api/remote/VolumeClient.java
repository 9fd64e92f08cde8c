package dev.reseat.api.remote;

import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.runtime.Deadline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The backend that holds a volume: our volume-manager where it listens, otherwise cinder-volume, as far as that offers
 * it. Who does it is looked up for every call; a volume of a cluster is looked for under the cluster's name first, as
 * Cinder does. Every method throws {@link RpcException}; a volume without host has no backend to ask and gives
 * {@link RpcException.NotDelivered}, and so does a method of Cinder's that nobody is there to run.
 */
public final class VolumeClient {
    private static final RpcVersion CONNECTIONS = RpcVersion.of(3, 0);
    private static final RpcVersion DETACH = RpcVersion.of(3, 4);
    private static final RpcVersion ATTACHMENTS = RpcVersion.of(3, 9);

    private final RpcClient rpc;
    private final RemoteConfig config;

    public VolumeClient(RpcClient rpc, RemoteConfig config) {
        this.rpc = rpc;
        this.config = config;
    }

    /** Driver first: brings the backend into the shape of the status. Repeatable. A cinder-volume cannot. */
    public Performed<ResetStatus.Result> resetStatus(RequestContext context, Volume volume, String status) {
        var args = new ResetStatus(Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)), status);
        return ours(volume).ask(manager -> ours(manager)
                .timeout(config.driverTimeout())
                .call(context, ResetStatus.METHOD, args, ResetStatus.Result.class));
    }

    /** Who the backend sees at the volume. Changes nothing. A cinder-volume cannot be asked. */
    public Performed<DescribeConnections.Result> describeConnections(RequestContext context, Volume volume) {
        return describeConnections(context, volume, Deadline.after(config.probeTimeout()));
    }

    /** The same by a deadline. */
    public Performed<DescribeConnections.Result> describeConnections(
            RequestContext context, Volume volume, Deadline deadline) {
        if (deadline.isOver()) {
            throw new RpcException.NotDelivered("there was no time left to ask " + volume.host().orElse("no host"));
        }
        var args = new DescribeConnections(Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)));
        return new Peers(managers(volume).toList(), deadline.remaining()).ask(manager -> ours(manager)
                .timeout(deadline.remaining().plusMillis(1))
                .call(context, DescribeConnections.METHOD, args, DescribeConnections.Result.class));
    }

    /** Takes one host's access away. */
    public Performer terminateConnection(RequestContext context, Volume volume, Map<String, Object> connector) {
        var args = new VolumeArguments.TerminateConnection(
                volume.id(), Optional.of(connector), Optional.of(false));
        return have(volume, "terminate_connection", CONNECTIONS, context, args);
    }

    /**
     * Removes the volume's export, and says so only when it is done: a cinder-volume's {@code attachment_delete}
     * swallows a failure to do so, this does not.
     */
    public Performer removeExport(RequestContext context, Volume volume) {
        return have(volume, "remove_export", CONNECTIONS, context, new VolumeArguments.RemoveExport(volume.id()));
    }

    /** Removes the export and finishes the detach in the database, as Cinder's manager does. */
    public Performer detachVolume(RequestContext context, Volume volume, String attachmentId) {
        var args = new VolumeArguments.DetachVolume(
                volume.id(), Optional.of(attachmentId), Optional.of(CinderObjects.volume(volume)));
        return have(volume, "detach_volume", DETACH, context, args);
    }

    /**
     * Exports the volume to the connector's host.
     *
     * @return the new connection_info, a secret. Our volume-manager has it stored in the attachment's row; of a
     *     cinder-volume's answer the caller has to store it
     */
    public Performed.Done<Map<String, Object>> attachmentUpdate(
            RequestContext context, Volume volume, Map<String, Object> connector, String attachmentId) {
        var args = new VolumeArguments.AttachmentUpdate(CinderObjects.volume(volume), connector, attachmentId);
        return backend(volume).have(working(ATTACHMENTS, backend -> {
            Map<?, ?> answer = backend.call(context, "attachment_update", args, Map.class);
            Map<String, Object> connectionInfo = new LinkedHashMap<>();
            Optional.ofNullable(answer)
                    .orElse(Map.of())
                    .forEach((key, value) -> connectionInfo.put(String.valueOf(key), value));
            return connectionInfo;
        }));
    }

    /** Takes the attachment's connection down; the row is the caller's to delete. */
    public Performer attachmentDelete(RequestContext context, Volume volume, String attachmentId) {
        var args = new VolumeArguments.AttachmentDelete(attachmentId, CinderObjects.volume(volume));
        return have(volume, "attachment_delete", ATTACHMENTS, context, args);
    }

    /** Who would run Cinder's own methods for this volume now; empty if nobody listens. Sends nothing. */
    public Optional<Performer> performer(Volume volume) {
        return backend(volume).present().map(Peers.Peer::performer);
    }

    private Performer have(
            Volume volume, String method, RpcVersion version, RequestContext context, Object args) {
        return backend(volume)
                .have(working(version, backend -> backend.call(context, method, args, Void.class)))
                .performer();
    }

    private <T> Function<PreparedCall, T> working(RpcVersion version, Function<PreparedCall, T> call) {
        return backend -> call.apply(backend.atVersion(version).timeout(config.driverTimeout()));
    }

    /** Not capped: the namespace is ours, with versions of its own. */
    private static PreparedCall ours(PreparedCall manager) {
        return manager.inNamespace(VolumeRpc.NAMESPACE).atVersion(VolumeRpc.NAMESPACE_VERSION);
    }

    private Peers ours(Volume volume) {
        return new Peers(managers(volume).toList(), config.probeTimeout());
    }

    private Peers backend(Volume volume) {
        Stream<Peers.Peer> cinders = hosts(volume).map(host -> {
            PreparedCall uncapped = rpc.prepare(VolumeRpc.backend(config.volumeExchange(), host));
            return new Peers.Peer(
                    Performer.CINDER_VOLUME, config.volumeCap().map(uncapped::cappedAt).orElse(uncapped));
        });
        return new Peers(Stream.concat(managers(volume), cinders).toList(), config.probeTimeout());
    }

    private Stream<Peers.Peer> managers(Volume volume) {
        return hosts(volume)
                .map(host -> new Peers.Peer(Performer.VOLUME_MANAGER, rpc.prepare(VolumeRpc.own(host))));
    }

    private static Stream<String> hosts(Volume volume) {
        List<String> hosts = Stream.concat(volume.clusterName().stream(), volume.host().stream()).toList();
        if (hosts.isEmpty()) {
            throw new RpcException.NotDelivered("volume " + volume.id() + " is on no host");
        }
        return hosts.stream();
    }
}
