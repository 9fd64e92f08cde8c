package dev.reseat.api.job;

import dev.reseat.api.object.JsonText;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Deadline;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.step.StepResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Volume-managers that take a little time for each reset, and remember how many they had at once, and of what. */
final class SimulatedBackends implements AutoCloseable {
    private static final long WORK_MILLIS = 20;

    /** Most resets at once: by backend, by compute host, and of one volume. */
    final Map<String, Integer> most = new ConcurrentHashMap<>();
    /** How many resets of each volume were asked for. */
    final Map<String, Integer> resets = new ConcurrentHashMap<>();
    /** What a reset of a volume ends with. */
    volatile Function<String, ResetStatus.Outcome> outcome = _ -> ResetStatus.Outcome.PROVED;
    /** What an attachment is connected by. */
    volatile Function<VolumeArguments.AttachmentUpdate, Map<String, Object>> connection = _ -> Map.of();
    /** Who the backend sees at a volume. */
    volatile Function<String, List<BackendConnection>> seen = _ -> List.of();
    /** Compute host of each volume. */
    final Map<String, String> hosts = new ConcurrentHashMap<>();
    private final Map<String, Integer> now = new ConcurrentHashMap<>();
    private final Semaphore done = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CastSteps steps;
    private final List<RpcServer> servers = new ArrayList<>();
    private final Rpc rpc;
    private final List<String> backends;

    SimulatedBackends(Rpc rpc, List<String> backends) {
        this.rpc = rpc;
        this.backends = List.copyOf(backends);
        this.steps = new CastSteps(rpc.client(), new SimpleMeterRegistry(), RetryPauses.DEFAULT);
        start();
    }

    /** They listen; again, if they were stopped. */
    void start() {
        for (String backend : backends) {
            Endpoint endpoint = Endpoint.of(VolumeRpc.NAMESPACE, 1, 1)
                    .timed(ResetStatus.METHOD, ResetStatus.class,
                            (context, args, deadline) -> reset(context, backend, args, deadline))
                    .method(DescribeConnections.METHOD, DescribeConnections.class,
                            (_, args) -> new DescribeConnections.Result(
                                    true, "simulated", seen.apply(args.volume().orElseThrow().id()), Optional.empty(),
                                    StoredVolume.PLAIN))
                    .build();
            Endpoint cinder = Endpoint.inDefaultNamespace(3, 18)
                    .method("attachment_update", VolumeArguments.AttachmentUpdate.class,
                            (_, args) -> connection.apply(args))
                    .build();
            RpcServer server = rpc.server(VolumeRpc.own(backend), List.of(endpoint, cinder));
            server.start();
            servers.add(server);
        }
    }

    /** Returns when so many more resets have ended. */
    void awaitResets(int count) throws InterruptedException {
        if (!done.tryAcquire(count, 60, TimeUnit.SECONDS)) {
            throw new AssertionError("only " + done.availablePermits() + " of " + count + " resets have ended");
        }
    }

    /** As a call, or as a step that was cast. */
    private Object reset(RequestContext context, String backend, ResetStatus args, Deadline deadline) {
        String volume = args.volume().orElseThrow().id();
        if (args.reportTo().isEmpty()) {
            return reset(backend, volume);
        }
        steps.run(context, args.reportTo().get(), deadline, admission -> {
            admission.require();
            return StepResult.done(JsonText.map(JsonText.of(reset(backend, volume))));
        });
        return null;
    }

    private ResetStatus.Result reset(String backend, String volume) {
        resets.merge(volume, 1, Integer::sum);
        List<String> keys =
                List.of("backend " + backend, "host " + hosts.getOrDefault(volume, "-"), "volume " + volume);
        keys.forEach(key -> most.merge(key, now.merge(key, 1, Integer::sum), Math::max));
        try {
            closing.await(WORK_MILLIS, TimeUnit.MILLISECONDS); // its work takes that long
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            keys.forEach(key -> now.merge(key, -1, Integer::sum));
            done.release();
        }
        return new ResetStatus.Result(outcome.apply(volume), "simulated", "told so", List.of());
    }

    /** Nobody listens from here on. */
    void stop() {
        servers.forEach(server -> {
            server.drain(Duration.ofSeconds(5));
            server.stop();
        });
        servers.clear();
    }

    @Override
    public void close() {
        closing.countDown();
        steps.stop();
        stop();
    }
}
