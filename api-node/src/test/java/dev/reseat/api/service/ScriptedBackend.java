package dev.reseat.api.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.object.JsonText;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ShowConnection;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.runtime.Deadline;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.step.StepResult;
import dev.reseat.testing.CloudFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** A volume service that answers what a test tells it to, and remembers what it was asked. */
final class ScriptedBackend implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Function<ResetStatus, ResetStatus.Result> reset = _ -> result(ResetStatus.Outcome.PROVED);
    volatile List<BackendConnection> connections = List.of();
    volatile StoredVolume stored = StoredVolume.PLAIN;
    volatile boolean refusesConnections;
    /** What the host of an attachment would be given. */
    volatile Optional<Map<String, Object>> gives = Optional.empty();
    /** Whether its driver can tell who is at a volume. */
    volatile boolean tells = true;
    /** Whether it does not have the volume. */
    volatile boolean gone;
    /** What a cinder-volume does to a row when it deletes the volume. */
    volatile Runnable delete = () -> {};
    /** What is said of the lock that is to be broken. */
    volatile BreakLock.Result lock = new BreakLock.Result(BreakLock.Outcome.BROKEN, "told so");
    /** What is said to whoever is to be kept out. */
    volatile Supplier<FenceClient.Result> fence =
            () -> new FenceClient.Result(true, "scripted", "kept out; let in by: unfence it");
    /** A method that fails. */
    volatile String failing = "";
    /** Cinder's own volume service stores all of an attachment but connection_info, which it answers. */
    volatile boolean leavesConnectionInfoToCaller;
    /** Runs after the backend has done its part and before it answers. */
    volatile Runnable beforeAnswer = () -> {};
    /** Runs when a reset that was cast has been read. */
    volatile Runnable beforeAdmission = () -> {};
    /** What is reported instead of what a reset has come to. */
    volatile Optional<StepResult> instead = Optional.empty();
    /** By when each was to be answered. */
    final Map<String, Deadline> deadlines = new ConcurrentHashMap<>();
    private final ServiceFixture fixture;
    private final CastSteps steps;
    private final Semaphore stepsEnded = new Semaphore(0);
    private final RpcServer server;

    /**
     * @param ours whether it is a volume-manager of ours; otherwise a cinder-volume, without namespace {@code reseat}
     */
    ScriptedBackend(ServiceFixture fixture, boolean ours) {
        this.fixture = fixture;
        this.steps = new CastSteps(fixture.client, fixture.meters, RetryPauses.DEFAULT);
        Endpoint cinder = Endpoint.inDefaultNamespace(3, 18)
                .method("attachment_update", VolumeArguments.AttachmentUpdate.class, (_, args) -> update(args))
                .timed("attachment_delete", VolumeArguments.AttachmentDelete.class,
                        (_, _, deadline) -> note("attachment_delete", deadline))
                .timed("remove_export", VolumeArguments.RemoveExport.class,
                        (_, _, deadline) -> note("remove_export", deadline))
                .method("terminate_connection", VolumeArguments.TerminateConnection.class, (_, _) -> note("terminate"))
                .method("delete_volume", VolumeArguments.DeleteVolume.class, (_, _) -> {
                    asked.add("delete_volume");
                    delete.run();
                    return null;
                })
                .method("detach_volume", VolumeArguments.DetachVolume.class, (_, args) -> detach(args))
                .build();
        Endpoint reseat = Endpoint.of(VolumeRpc.NAMESPACE, 1, 3)
                .timed(ResetStatus.METHOD, ResetStatus.class, this::reset)
                .timed(DescribeConnections.METHOD, DescribeConnections.class, (_, _, deadline) -> {
                    note("describe_connections", deadline);
                    return gone
                            ? DescribeConnections.Result.absent("scripted")
                            : new DescribeConnections.Result(tells, "scripted", connections, Optional.empty(), stored);
                })
                .method(ShowConnection.METHOD, ShowConnection.class, (_, _) -> new ShowConnection.Result(gives))
                .method(BreakLock.METHOD, BreakLock.class, (_, _) -> {
                    asked.add(BreakLock.METHOD);
                    return lock;
                })
                .method(FenceClient.METHOD, FenceClient.class, (_, args) -> {
                    note(FenceClient.METHOD + " " + args.address() + " " + args.time());
                    return fence.get();
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

    private Object reset(RequestContext context, ResetStatus args, Deadline deadline) {
        if (args.reportTo().isEmpty()) {
            note("reset_status " + args.status(), deadline);
            return reset.apply(args);
        }
        steps.run(context, args.reportTo().get(), deadline, admission -> {
            beforeAdmission.run();
            admission.require();
            asked.add("reset_status " + args.status() + " as step");
            return instead.orElseGet(() -> StepResult.done(JsonText.map(JsonText.of(reset.apply(args)))));
        });
        stepsEnded.release();
        return null;
    }

    /** Returns when so many more steps that were cast have ended, and were reported. */
    void awaitSteps(int count) {
        try {
            assertThat(stepsEnded.tryAcquire(count, 30, TimeUnit.SECONDS)).as("steps have ended").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object note(String call, Deadline deadline) {
        deadlines.put(call, deadline);
        return note(call);
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
