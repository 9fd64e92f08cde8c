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
import java.util.Map;
import java.util.Optional;

/**
 * The volume service of the backend that holds a volume. Every method throws {@link RpcException}; a volume without host
 * has no backend to ask and gives {@link RpcException.NotDelivered}.
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

    /** Driver first: brings the backend into the shape of the status. Repeatable. */
    public ResetStatus.Result resetStatus(RequestContext context, Volume volume, String status) {
        var args = new ResetStatus(Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)), status);
        return ours(volume)
                .call(context, ResetStatus.METHOD, args, ResetStatus.Result.class);
    }

    /** Who the backend sees at the volume. Changes nothing. */
    public DescribeConnections.Result describeConnections(RequestContext context, Volume volume) {
        var args = new DescribeConnections(Optional.of(volume.id()), Optional.of(CinderObjects.volume(volume)));
        return ours(volume)
                .timeout(config.probeTimeout())
                .call(context, DescribeConnections.METHOD, args, DescribeConnections.Result.class);
    }

    /** Takes one host's access away. */
    public void terminateConnection(RequestContext context, Volume volume, Map<String, Object> connector) {
        var args = new VolumeArguments.TerminateConnection(
                volume.id(), Optional.of(connector), Optional.of(false));
        backend(volume).atVersion(CONNECTIONS).call(context, "terminate_connection", args, Void.class);
    }

    /** Removes the export and finishes the detach in the database, as Cinder's manager does. */
    public void detachVolume(RequestContext context, Volume volume, String attachmentId) {
        var args = new VolumeArguments.DetachVolume(
                volume.id(), Optional.of(attachmentId), Optional.of(CinderObjects.volume(volume)));
        backend(volume).atVersion(DETACH).call(context, "detach_volume", args, Void.class);
    }

    /** Exports the volume to the connector's host and has the attachment's row updated; answers nothing of use here. */
    public void attachmentUpdate(
            RequestContext context, Volume volume, Map<String, Object> connector, String attachmentId) {
        var args = new VolumeArguments.AttachmentUpdate(CinderObjects.volume(volume), connector, attachmentId);
        backend(volume).atVersion(ATTACHMENTS).call(context, "attachment_update", args, Map.class);
    }

    /** Takes the attachment's connection down; the row is the caller's to delete. */
    public void attachmentDelete(RequestContext context, Volume volume, String attachmentId) {
        var args = new VolumeArguments.AttachmentDelete(attachmentId, CinderObjects.volume(volume));
        backend(volume).atVersion(ATTACHMENTS).call(context, "attachment_delete", args, Void.class);
    }

    /** Not capped: the namespace is ours, with versions of its own. */
    private PreparedCall ours(Volume volume) {
        return uncapped(volume).inNamespace(VolumeRpc.NAMESPACE).atVersion(VolumeRpc.NAMESPACE_VERSION);
    }

    private PreparedCall backend(Volume volume) {
        PreparedCall uncapped = uncapped(volume);
        return config.volumeCap().map(uncapped::cappedAt).orElse(uncapped);
    }

    private PreparedCall uncapped(Volume volume) {
        String host = volume.host()
                .orElseThrow(() -> new RpcException.NotDelivered("volume " + volume.id() + " is on no host"));
        return rpc.prepare(VolumeRpc.backend(config.volumeExchange(), host)).timeout(config.driverTimeout());
    }
}
