package dev.reseat.rpc.failover;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One process of a cloud, as far as RPC goes: its settings, its connections, its meters, its servers. */
final class Party implements AutoCloseable {
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    /** Twice this without a byte, and a connection is given up. */
    static final Duration HEARTBEAT = Duration.ofSeconds(3);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<RpcServer> servers = new ArrayList<>();
    private final Rpc rpc;

    /** @param options of {@code [oslo_messaging_rabbit]} */
    Party(String url, Map<String, String> options) {
        this(url, options, ServerConfig.DEFAULT.workers());
    }

    /** @param workers how many methods each of its servers runs at once */
    Party(String url, Map<String, String> options, int workers) {
        String lines = options.entrySet()
                .stream()
                .map(option -> option.getKey() + " = " + option.getValue())
                .collect(Collectors.joining("\n"));
        String text = """
                [DEFAULT]
                transport_url = %s
                rpc_response_timeout = %d
                executor_thread_pool_size = %d
                [oslo_messaging_rabbit]
                heartbeat_timeout_threshold = %d
                kombu_reconnect_delay = 0.1
                rabbit_retry_interval = 0.2
                rabbit_retry_backoff = 0
                %s
                """
                .formatted(url, CALL_TIMEOUT.toSeconds(), workers, HEARTBEAT.toSeconds(), lines);
        rpc = Rpc.overBroker(Settings.parse(text).checked(RpcConfig::from), "reseat-failover", meters);
    }

    Rpc rpc() {
        return rpc;
    }

    RpcServer serve(Target target, Endpoint endpoint) {
        RpcServer server = rpc.server(target, List.of(endpoint));
        server.start();
        servers.add(server);
        return server;
    }

    /** The sum of a counter over its tags, 0 if it was never counted. */
    double counted(String name) {
        return meters.find(name).counters().stream().mapToDouble(Counter::count).sum();
    }

    /** The value of a gauge, in its base unit. */
    double measured(String name) {
        return meters.get(name).gauge().value();
    }

    @Override
    public void close() {
        servers.forEach(RpcServer::stop);
        rpc.stop();
    }
}
