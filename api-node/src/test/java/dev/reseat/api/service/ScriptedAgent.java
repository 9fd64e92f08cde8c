package dev.reseat.api.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.DisconnectVolume;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.runtime.Deadline;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.step.StepResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** A compute agent that does what a test tells it to, and remembers what it was asked. */
final class ScriptedAgent implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Answer uses = Answer.NO;
    volatile Answer guest = Answer.NO;
    final List<InspectVolume> questions = new CopyOnWriteArrayList<>();
    volatile Consumer<RemoveVolumeConnection> remove = _ -> {};
    volatile Function<DisconnectVolume, DisconnectVolume.Result> disconnect =
            _ -> new DisconnectVolume.Result(DisconnectVolume.Outcome.NONE, "nothing of it is held here");
    /** Runs before it tells its connector. */
    volatile Runnable beforeConnector = () -> {};
    volatile Runnable beforeAdmission = () -> {};
    volatile StepResult stepResult = StepResult.done();
    /** By when the latest inspection was to be answered. */
    volatile Optional<Deadline> inspectBy = Optional.empty();
    private final Semaphore stepsEnded = new Semaphore(0);
    private final RpcServer server;

    /** @param minor the highest 6.x it serves */
    ScriptedAgent(ServiceFixture fixture, int minor) {
        this(fixture, minor, true, "host-a");
    }

    /** @param isOurs whether it is an agent of ours; otherwise a nova-compute, without namespace {@code reseat} */
    ScriptedAgent(ServiceFixture fixture, int minor, boolean isOurs) {
        this(fixture, minor, isOurs, "host-a");
    }

    ScriptedAgent(ServiceFixture fixture, int minor, String host) {
        this(fixture, minor, true, host);
    }

    private ScriptedAgent(ServiceFixture fixture, int minor, boolean isOurs, String host) {
        Endpoint nova = Endpoint.inDefaultNamespace(6, minor)
                .method(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.class, (_, args) -> {
                    asked.add("remove_volume_connection delete=" + args.deleteAttachment().orElse(false));
                    remove.accept(args);
                    return null;
                })
                .build();
        var steps = new CastSteps(fixture.client, fixture.meters, RetryPauses.DEFAULT);
        Endpoint ours = Endpoint.of(ComputeRpc.NAMESPACE, 1, 2)
                .timed(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.AsStep.class,
                        (context, args, deadline) -> {
                            steps.run(context, args.reportTo().orElseThrow(), deadline, admission -> {
                                beforeAdmission.run();
                                admission.require();
                                asked.add("remove_volume_connection as step");
                                remove.accept(new RemoveVolumeConnection(
                                        args.instance(), args.volumeId(), args.deleteAttachment()));
                                return stepResult;
                            });
                            stepsEnded.release();
                            return null;
                        })
                .method(DisconnectVolume.METHOD, DisconnectVolume.class, (_, order) -> {
                    asked.add("disconnect_volume " + order.connectionInfo().get("driver_volume_type"));
                    return disconnect.apply(order);
                })
                .method(GetVolumeConnector.METHOD, GetVolumeConnector.class, (_, _) -> {
                    asked.add("get_volume_connector");
                    beforeConnector.run();
                    return Map.of("host", "host-a", "ip", "192.0.2.1");
                })
                .timed(InspectVolume.METHOD, InspectVolume.class, (_, question, deadline) -> {
                    questions.add(question);
                    inspectBy = Optional.of(deadline);
                    return new InspectVolume.Result(guest, guest, uses, "/dev/loop7 is open");
                })
                .build();
        this.server = new RpcServer(
                fixture.transport,
                fixture.codec,
                isOurs ? ComputeRpc.own(host) : ComputeRpc.host("nova", host),
                isOurs ? List.of(nova, ours) : List.of(nova),
                ServerConfig.DEFAULT,
                fixture.meters);
        server.start();
    }

    /** Returns when so many more steps that were cast have ended, and were reported. */
    void awaitSteps(int count) {
        try {
            assertThat(stepsEnded.tryAcquire(count, 30, TimeUnit.SECONDS)).as("steps have ended").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
