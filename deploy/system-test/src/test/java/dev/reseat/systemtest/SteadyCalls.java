package dev.reseat.systemtest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Somebody calls each of the three services again and again, one call after the other; each has to be answered. */
final class SteadyCalls implements AutoCloseable {
    /** Longer than a service is away. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CALLERS_EACH = 4;
    private static final int MORE = 20;

    private final Rpc rpc;
    private final List<PreparedCall> servers;
    private final List<Thread> callers = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicReference<List<CountDownLatch>> awaited = new AtomicReference<>(List.of());
    private volatile boolean ended;

    private SteadyCalls(Rpc rpc, List<Target> targets) {
        this.rpc = rpc;
        this.servers = targets.stream()
                .map(target -> rpc.client().prepare(target.atVersion(RpcVersion.DEFAULT)).timeout(PATIENCE))
                .toList();
    }

    static SteadyCalls begin(CloudSettings cloud) {
        var settings = Settings.parse("[DEFAULT]\ntransport_url = " + cloud.transportUrl() + "\n");
        Rpc rpc = Rpc.overBroker(settings.checked(RpcConfig::from), "steady", new SimpleMeterRegistry());
        rpc.start();
        var calls = new SteadyCalls(rpc, List.of(
                Target.of("reseat", "reseat-api"),
                Target.of("reseat", "reseat-volume").onServer(cloud.volumeHost().replaceFirst("#.*", "")),
                Target.of("reseat", "reseat-compute").onServer(cloud.computeHost())));
        for (int server = 0; server < calls.servers.size(); server++) {
            for (int i = 0; i < CALLERS_EACH; i++) {
                int one = server;
                calls.callers.add(Thread.ofVirtual().name("caller").start(() -> calls.callOn(one)));
            }
        }
        return calls;
    }

    private void callOn(int server) {
        while (!ended) {
            try {
                servers.get(server).call(RequestContext.admin(), "oslo_rpc_server_ping", Map.of(), String.class);
                List<CountDownLatch> latches = awaited.get();
                if (!latches.isEmpty()) {
                    latches.get(server).countDown();
                }
            } catch (RpcException lost) {
                failures.add(lost.toString());
            }
        }
    }

    /** Returns when each of them has answered some more. */
    void awaitMore(String when) throws InterruptedException {
        List<CountDownLatch> latches = servers.stream().map(_ -> new CountDownLatch(MORE)).toList();
        awaited.set(latches);
        for (CountDownLatch latch : latches) {
            assertThat(latch.await(PATIENCE.toSeconds(), SECONDS)).as("%s; %s", when, failures).isTrue();
        }
    }

    /** So far. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Lets the calls under way be answered. */
    @Override
    public void close() {
        ended = true;
        try {
            for (Thread caller : callers) {
                caller.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            rpc.stop();
        }
    }
}
