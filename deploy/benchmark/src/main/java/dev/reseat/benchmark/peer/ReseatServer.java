package dev.reseat.benchmark.peer;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Our server as any service has it, with the default settings. */
final class ReseatServer implements AutoCloseable {
    static final String EXCHANGE = "benchmark";
    static final String TOPIC = "ours";
    static final String FANOUT = "ours-fanout";

    private final Rpc rpc;
    private final List<RpcServer> servers = new ArrayList<>();
    private final Endpoint endpoint;

    ReseatServer(Broker broker, Tally tally) {
        rpc = rpc(broker, "benchmark-server");
        rpc.start();
        endpoint = Endpoint.inDefaultNamespace(1, 0)
                .method("echo", Echo.Text.class, (_, arguments) -> answer(tally, arguments.value()))
                .method("echo_tree", Echo.Tree.class, (_, arguments) -> answer(tally, arguments.value()))
                .method("keep", Echo.Text.class, (_, _) -> answer(tally, null))
                .method("keep_tree", Echo.Tree.class, (_, _) -> answer(tally, null))
                .build();
        serve(TOPIC, "one");
        for (int i = 0; i < broker.servers(); i++) {
            serve(FANOUT, "server-" + i);
        }
    }

    private static Object answer(Tally tally, Object answer) {
        tally.arrived();
        return answer;
    }

    static Rpc rpc(Broker broker, String program) {
        var settings = Settings.parse("[DEFAULT]\ntransport_url = " + broker.transportUrl() + "\n");
        return Rpc.overBroker(settings.checked(RpcConfig::from), program, new SimpleMeterRegistry());
    }

    private void serve(String topic, String server) {
        RpcServer running = rpc.server(Target.of(EXCHANGE, topic).onServer(server), List.of(endpoint));
        running.start();
        servers.add(running);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.drain(Duration.ofSeconds(1)));
        servers.forEach(RpcServer::stop);
        rpc.stop();
    }
}
