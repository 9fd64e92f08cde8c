package dev.reseat.api.job;

import com.google.inject.Guice;
import com.google.inject.Stage;
import dev.reseat.api.ApiNode;
import dev.reseat.api.ApiNodeConfig;
import dev.reseat.api.ApiNodeModule;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.rpc.wiring.RpcModule;
import dev.reseat.runtime.Lifecycle;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.CloudFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A whole api-node in this process, on real databases and an in-process broker; backend and agents are simulated. */
final class JobCloud implements AutoCloseable {
    final CloudFixture cloud;
    final Rpc peers;
    final SimulatedBackends backends;
    /** Of host-a and host-b. */
    final SimulatedAgents agents;
    final JobCli cli;
    private final MemoryBroker broker = new MemoryBroker();
    private final Settings settings;
    private final List<Lifecycle> nodes = new ArrayList<>();

    JobCloud() {
        this("job_interval = 1");
    }

    /** @param more settings of {@code [reseat]} */
    JobCloud(String more) {
        this(CloudFixture.open(), more);
    }

    /** @param cloud is closed with this */
    JobCloud(CloudFixture cloud, String more) {
        this.cloud = cloud;
        settings = Settings.parse("""
                [DEFAULT]
                host = api-1
                transport_url = memory://
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [api]
                auth_strategy = noauth
                port = 0
                [reseat]
                reconcile_interval = 1
                job_held_interval = 1
                %s
                """.formatted(cloud.databases().cinder().connection(), cloud.databases().nova().connection(), more));
        peers = rpc();
        backends = new SimulatedBackends(peers, List.of(CloudFixture.HOST.replaceFirst("#.*", "")));
        agents = new SimulatedAgents(peers, List.of("host-a", "host-b"));
        cli = new JobCli(node());
    }

    /** Starts one more; its port. */
    private int node() {
        var meters = new SimpleMeterRegistry();
        Rpc rpc = rpc();
        ApiNode node = Guice.createInjector(
                Stage.PRODUCTION, new RpcModule(rpc, meters),
                new ApiNodeModule(settings.checked(ApiNodeConfig::from)))
                .getInstance(ApiNode.class);
        Lifecycle lifecycle = new Lifecycle(List.of(node), Duration.ofSeconds(10));
        lifecycle.start();
        nodes.add(lifecycle);
        return node.port();
    }

    /** Stops the api-node and starts another one on the same databases; the command that asks that one. */
    JobCli restarted() {
        nodes.removeLast().close();
        return new JobCli(node());
    }

    private Rpc rpc() {
        return new Rpc(new MemoryTransport(broker), RpcConfig.from(settings), new SimpleMeterRegistry());
    }

    /** A volume in error with an attachment that nobody uses. */
    String orphan() {
        String volume = cloud.volume(Map.of("status", "error", "attach_status", "attached"));
        cloud.attachment(volume, "attached");
        return volume;
    }

    Object status(String volume) {
        return cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", volume).get("status");
    }

    @Override
    public void close() {
        nodes.forEach(Lifecycle::close);
        backends.close();
        agents.close();
        peers.stop();
        cloud.close();
    }
}
