package dev.reseat.benchmark.job;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Settings;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.step.StepResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Agents that see nothing and volume-managers whose drivers are done at once: what is left is what jobs cost. They ask
 * for admission and report as real ones do, over one connection each way.
 */
final class SimulatedPeers implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Map<String, Object> PROVED = Map.of(
            "outcome", ResetStatus.Outcome.PROVED.text(), "driver", "simulated",
            "detail", "done at once", "connections", List.of());

    private final Rpc rpc;
    private final CastSteps steps;
    private final List<RpcServer> servers = new ArrayList<>();

    private SimulatedPeers(String transportUrl) {
        var meters = new SimpleMeterRegistry();
        rpc = Rpc.overBroker(
                RpcConfig.from(Settings.parse("[DEFAULT]\ntransport_url = " + transportUrl
                        + "\nexecutor_thread_pool_size = 256\n")),
                "simulated", meters);
        steps = new CastSteps(rpc.client(), meters, RetryPauses.DEFAULT);
    }

    /** Of hosts {@code cmp-0…} and backends {@code stor-0@sim…}. */
    static SimulatedPeers start(String transportUrl, int hosts, int backends) {
        var peers = new SimulatedPeers(transportUrl);
        IntStream.range(0, backends)
                .mapToObj(i -> "stor-" + i + "@sim")
                .forEach(name -> peers.serve(peers.rpc.server(VolumeRpc.own(name), List.of(peers.backend()))));
        IntStream.range(0, hosts)
                .mapToObj(i -> "cmp-" + i)
                .forEach(name -> peers.serve(peers.rpc.server(ComputeRpc.own(name), List.of(agent()))));
        return peers;
    }

    private void serve(RpcServer server) {
        server.start();
        servers.add(server);
    }

    private Endpoint backend() {
        return Endpoint.of(VolumeRpc.NAMESPACE, 1, 1)
                .timed(ResetStatus.METHOD, ResetStatus.class, this::reset)
                .method(DescribeConnections.METHOD, DescribeConnections.class,
                        (_, _) -> new DescribeConnections.Result(true, "simulated", List.of()))
                .build();
    }

    private static Endpoint agent() {
        return Endpoint.of(ComputeRpc.NAMESPACE, 1, 1)
                .method(InspectVolume.METHOD, InspectVolume.class,
                        (_, _) -> new InspectVolume.Result(Answer.NO, Answer.NO, Answer.NO, "not here"))
                .build();
    }

    private Object reset(RequestContext context, ResetStatus args, Deadline deadline) {
        args.reportTo().ifPresent(step -> steps.run(context, step, deadline, admission -> {
            admission.require();
            return StepResult.done(PROVED);
        }));
        return args.reportTo().isPresent() ? null : PROVED;
    }

    @Override
    public void close() {
        steps.stop();
        servers.forEach(server -> {
            server.drain(GRACE);
            server.stop();
        });
        rpc.stop();
    }
}
