package dev.reseat.api.service;

import dev.reseat.api.object.JsonText;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.testing.CloudFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A volume service that answers what a test tells it to, and remembers what it was asked. */
final class ScriptedBackend implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Function<ResetStatus, ResetStatus.Result> reset = _ -> result(ResetStatus.Outcome.PROVED);
    volatile List<BackendConnection> connections = List.of();
    volatile boolean refusesConnections;
    /** A method that fails. */
    volatile String failing = "";
    /** Cinder's own volume service stores all of an attachment but connection_info, which it answers. */
    volatile boolean leavesConnectionInfoToCaller;
    /** Runs after the backend has done its part and before it answers. */
    volatile Runnable beforeAnswer = () -> {};
    private final ServiceFixture fixture;
    private final RpcServer server;

    /**
     * @param ours whether it is a volume-manager of ours; otherwise a cinder-volume, without namespace {@code reseat}
     */
    ScriptedBackend(ServiceFixture fixture, boolean ours) {
        this.fixture = fixture;
        Endpoint cinder = Endpoint.inDefaultNamespace(3, 18)
                .method("attachment_update", VolumeArguments.AttachmentUpdate.class, (_, args) -> update(args))
                .method("attachment_delete", VolumeArguments.AttachmentDelete.class,
                        (_, _) -> note("attachment_delete"))
                .method("remove_export", VolumeArguments.RemoveExport.class, (_, _) -> note("remove_export"))
                .method("terminate_connection", VolumeArguments.TerminateConnection.class, (_, _) -> note("terminate"))
                .method("detach_volume", VolumeArguments.DetachVolume.class, (_, args) -> detach(args))
                .build();
        Endpoint reseat = Endpoint.of(VolumeRpc.NAMESPACE, 1, 0)
                .method(ResetStatus.METHOD, ResetStatus.class, (_, args) -> {
                    asked.add("reset_status " + args.status());
                    return reset.apply(args);
                })
                .method(DescribeConnections.METHOD, DescribeConnections.class, (_, _) -> {
                    asked.add("describe_connections");
                    return new DescribeConnections.Result(true, "scripted", connections);
                })
                .build();
        this.server = new RpcServer(
                fixture.transport,
                fixture.codec,
                ours ? VolumeRpc.own(CloudFixture.HOST) : VolumeRpc.backend("openstack", CloudFixture.HOST),
                ours ? List.of(cinder, reseat) : List.of(cinder),
                ServerConfig.DEFAULT,
                fixture.meters);
        server.start();
    }

    static ResetStatus.Result result(ResetStatus.Outcome outcome) {
        return result(outcome, "told so");
    }

    static ResetStatus.Result result(ResetStatus.Outcome outcome, String detail) {
        return new ResetStatus.Result(outcome, "scripted", detail, List.of());
    }

    static BackendConnection connection(String attachmentId, Answer exported) {
        return new BackendConnection(Optional.of(attachmentId), Optional.of("host-a"), exported, Answer.NO, "seen");
    }

    private Object note(String call) {
        asked.add(call);
        if (call.equals(failing)) {
            throw new EndpointFailure(Failure.of("cinder.exception", "VolumeBackendAPIException", "the array is busy"));
        }
        return null;
    }

    private Object detach(VolumeArguments.DetachVolume args) {
        asked.add("detach_volume");
        fixture.state.finishDetach(fixture.volume(args.volumeId()), args.attachmentId());
        return null;
    }

    private Object update(VolumeArguments.AttachmentUpdate args) {
        asked.add("attachment_update");
        if (refusesConnections) {
            throw new EndpointFailure(
                    Failure.of("cinder.exception", "VolumeBackendAPIException", "no space for exports"));
        }
        Map<String, Object> info = Map.of("driver_volume_type", "local", "device_path", "/volumes/new");
        if (leavesConnectionInfoToCaller) {
            fixture.cloud.execute(
                    fixture.cloud.cinder(),
                    "UPDATE volume_attachment SET connector = ?, attached_host = ?, attach_status = 'attaching'"
                            + " WHERE id = ?",
                    JsonText.of(args.connector()), args.connector().get("host"), args.attachmentId());
            beforeAnswer.run();
            return info;
        }
        fixture.state.connected(
                fixture.attachments.show(ServiceFixture.ADMIN, args.attachmentId()), args.connector(), info,
                Optional.empty());
        beforeAnswer.run();
        return info;
    }

    @Override
    public void close() {
        server.stop();
    }
}
