package dev.reseat.rpc.interop;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.rpc.transport.rabbit.RabbitTransport;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.RabbitBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Our side of the wire: a transport of the shared broker, the client on it, and targets nobody else uses. */
final class Wire implements AutoCloseable {
    private final String url;
    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Transport transport;
    private final RpcClient client;

    Wire() {
        this("");
    }

    /** @param options query of the transport_url, for both sides */
    Wire(String options) {
        this(options, "reseat-interop");
    }

    /** @param process what the broker shows */
    Wire(String options, String process) {
        this.url = RabbitBroker.running().transportUrl() + (options.isEmpty() ? "" : "?" + options);
        Settings settings =
                Settings.parse("[oslo_concurrency]\nlock_path = " + System.getProperty("java.io.tmpdir"));
        TransportUrl parsed = TransportUrl.parse(url);
        this.transport = RabbitTransport.of(parsed, RabbitConfig.from(parsed, settings), process);
        settings.check();
        this.client = new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(30)), meters);
    }

    String url() {
        return url;
    }

    RpcClient client() {
        return client;
    }

    /** A target of its own exchange and topic. */
    static Target fresh() {
        return Target.of("exchange-" + UUID.randomUUID(), "topic-" + UUID.randomUUID()).onServer("host-a");
    }

    RpcServer serve(Target target, List<Endpoint> endpoints) {
        return serve(target, endpoints, new ServerConfig(8, true));
    }

    RpcServer serve(Target target, List<Endpoint> endpoints, ServerConfig config) {
        var server = new RpcServer(transport, codec, target, endpoints, config, meters);
        server.start();
        return server;
    }

    @Override
    public void close() {
        client.close();
        transport.close();
    }
}
