package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.GuestsByAddress;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.step.StepResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Compute agents that see what a test says, and remember how many casts they had at once. */
final class SimulatedAgents implements AutoCloseable {
    /** Volumes that a running guest has. */
    final Set<String> inGuest = ConcurrentHashMap.newKeySet();
    /** Volumes that a host holds open. */
    final Set<String> held = ConcurrentHashMap.newKeySet();
    /** Most casts that one host had at once. */
    final Map<String, Integer> most = new ConcurrentHashMap<>();
    /** What it does when it takes a volume off its host, once it was admitted. */
    volatile Consumer<RemoveVolumeConnection.AsStep> remove = _ -> {};
    /** Guests of a host that have a disk over an address. */
    volatile BiFunction<String, String, Stream<GuestsByAddress.Use>> overAddress = (_, _) -> Stream.empty();
    /** Runs when a cast has been read. */
    volatile Runnable beforeAdmission = () -> {};
    /** So many casts are read and lost. */
    final AtomicInteger losing = new AtomicInteger();
    private final Map<String, Integer> now = new ConcurrentHashMap<>();
    private final Semaphore received = new Semaphore(0);
    private final Map<String, RpcServer> servers = new ConcurrentHashMap<>();
    private final Rpc rpc;
    private final CastSteps steps;

    SimulatedAgents(Rpc rpc, List<String> hosts) {
        this.rpc = rpc;
        this.steps = new CastSteps(rpc.client(), new SimpleMeterRegistry(), RetryPauses.DEFAULT);
        hosts.forEach(this::start);
    }

    /** That host answers from here on. */
    void start(String host) {
        RpcServer server = rpc.server(ComputeRpc.own(host), List.of(endpoint(host)));
        server.start();
        servers.put(host, server);
    }

    private Endpoint endpoint(String host) {
        return Endpoint.of(ComputeRpc.NAMESPACE, 1, 3)
                .method(GuestsByAddress.METHOD, GuestsByAddress.class,
                        (_, asked) -> new GuestsByAddress.Result(
                                asked.addresses().stream().flatMap(one -> overAddress.apply(host, one)).toList(),
                                List.of()))
                .method(GetVolumeConnector.METHOD, GetVolumeConnector.class,
                        (_, _) -> Map.of("host", host, "ip", "192.0.2.1"))
                .method(InspectVolume.METHOD, InspectVolume.class, (_, asked) -> inspect(asked.volumeId()))
                .timed(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.AsStep.class,
                        (context, args, deadline) -> {
                            received.release();
                            if (losing.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                                steps.run(context, args.reportTo().orElseThrow(), deadline, admission -> {
                                    beforeAdmission.run();
                                    admission.require();
                                    return remove(host, args);
                                });
                            }
                            return null;
                        })
                .build();
    }

    private InspectVolume.Result inspect(String volume) {
        Answer guest = inGuest.contains(volume) ? Answer.YES : Answer.NO;
        return new InspectVolume.Result(guest, guest, held.contains(volume) ? Answer.YES : guest, "looked");
    }

    private StepResult remove(String host, RemoveVolumeConnection.AsStep args) {
        most.merge(host, now.merge(host, 1, Integer::sum), Math::max);
        try {
            remove.accept(args);
        } finally {
            now.merge(host, -1, Integer::sum);
        }
        return StepResult.done();
    }

    /** Returns when so many more casts were read. */
    void awaitCasts(int count) {
        try {
            assertThat(received.tryAcquire(count, 60, TimeUnit.SECONDS)).as("%d casts are read", count).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** That host is silent from here on. */
    void stop(String host) {
        servers.remove(host).stop();
    }

    @Override
    public void close() {
        steps.stop();
        servers.values().forEach(RpcServer::stop);
    }
}
