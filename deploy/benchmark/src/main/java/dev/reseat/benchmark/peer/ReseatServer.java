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
        endpoint = Endpoint.inDefaultNamespace(1, 0).method("echo", Echo.class, (_, arguments) -> {
            tally.arrived();
            return arguments.value();
        }).method("keep", Echo.class, (_, _) -> {
            tally.arrived();
            return null;
        }).build();
        serve(TOPIC, "one");
        for (int i = 0; i < broker.servers(); i++) {
            serve(FANOUT, "server-" + i);
        }
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
